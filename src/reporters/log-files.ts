import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { EventEnvelope } from '../core/events.ts';
import type { Reporter } from '../core/reporter.ts';
import { phaseName } from './format/phase.ts';

/** Keeps everything of a run in a folder of its own: one text log per instance, and all events as NDJSON. */
export class LogFiles implements Reporter {
  readonly name = 'log files';
  readonly #dir: string;
  readonly #files = new Map<string, number>();

  constructor(dir: string) {
    this.#dir = dir;
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
    } catch (error) {
      // On a read-only file system mkdir with `recursive` says ENOENT.
      throw new GalleyError({
        code: 'local.no_log_folder',
        kind: 'infrastructure',
        message: `cannot make the folder for this run's logs, ${dir}`,
        got: (error as Error).message,
        hint: 'galley keeps its state and logs in .galley beside the kitchen file: it must be a folder that can be written',
        cause: error,
      });
    }
  }

  onEvent(event: EventEnvelope): void {
    this.#append('events.ndjson', JSON.stringify(event));
    const instance = 'instance' in event ? event.instance : undefined;
    const line = textLine(event);
    if (instance !== undefined && line !== undefined) this.#append(`${instance}.log`, line);
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  /** Synchronous, so that a crash right after an event does not lose it. */
  #append(name: string, line: string): void {
    let file = this.#files.get(name);
    if (file === undefined) {
      file = openSync(join(this.#dir, name), 'a', 0o600);
      this.#files.set(name, file);
    }
    appendFileSync(file, `${line}\n`);
  }
}

function textLine(event: EventEnvelope): string | undefined {
  switch (event.type) {
    case 'phase:start':
      return `-----> ${event.time} ${phaseName(event)}`;
    case 'phase:end':
      return `-----> ${event.time} ${phaseName(event)} ${event.outcome} after ${Math.round(event.durationMs)} ms${event.error ? `: ${JSON.stringify(event.error)}` : ''}`;
    case 'output':
      return event.line;
    case 'notice':
      return `  note: ${event.message}`;
    case 'check':
      return `  check ${event.report.outcome} ${event.report.title} ${JSON.stringify(event.report.results)}`;
    case 'made':
    case 'removed':
      return `  ${event.type} ${event.kind} ${event.name}`;
    default:
      return undefined;
  }
}
