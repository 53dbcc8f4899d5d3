import { closeSync, openSync, writeSync } from 'node:fs';
import { GalleyError } from '../core/errors.ts';
import type { EventEnvelope } from '../core/events.ts';
import type { Reporter } from '../core/reporter.ts';

/** `--events FILE|-`: every event as one JSON object a line. */
export class Ndjson implements Reporter {
  readonly name = 'events';
  readonly #file: number;

  /** `path`: a file that is replaced, or `-` for standard output. */
  constructor(path: string) {
    this.#file = path === '-' ? 1 : openOrThrow(path);
  }

  onEvent(event: EventEnvelope): void {
    writeSync(this.#file, `${JSON.stringify(event)}\n`);
  }

  async close(): Promise<void> {
    if (this.#file !== 1) closeSync(this.#file);
  }
}

function openOrThrow(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (cause) {
    throw new GalleyError({
      code: 'usage.events_file',
      kind: 'usage',
      message: `cannot write events to ${path}`,
      got: (cause as Error).message,
      hint: '--events wants a file in a folder that exists, or - for standard output',
      cause,
    });
  }
}
