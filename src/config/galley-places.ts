/** The additional places of a configuration: never looked into while there is a kitchen.yml. */
export const GALLEY_PLACES = [
  'galley.config.yml',
  'galley.config.yaml',
  'galley.config.json',
  'galley.config.js',
  'galley.config.mjs',
  'galley.config.ts',
  'package.json',
] as const;
