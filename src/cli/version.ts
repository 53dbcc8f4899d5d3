import { readFileSync } from 'node:fs';

/** The version of this package. */
export function version(): string {
  // From dist/src/cli and from src/cli alike, the package is some levels up.
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { version: string }).version;
    } catch {
      // try the next one
    }
  }
  return 'unknown';
}
