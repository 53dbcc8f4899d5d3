import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What plugins are given of the machine: its environment, and one cache for all tests, whose locks they share. */
export const host = {
  env: process.env,
  cacheDir: join(tmpdir(), 'galley-test-docker-cache'),
} as const;
