import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * What plugins are given of the machine: its environment, and the cache of the command line, so that tests of parts and
 * tests of commands that run side by side wait for each other's locks: an image is built once.
 */
export const host = {
  env: process.env,
  cacheDir:
    process.env['GALLEY_CACHE'] || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'galley'),
} as const;
