export const ENGINES = ['postgres', 'mysql', 'sqlite'] as const;

export type EngineName = (typeof ENGINES)[number];
