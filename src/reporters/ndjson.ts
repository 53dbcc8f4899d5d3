import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { GalleyError } from '../core/errors.ts';
import type { EventEnvelope } from '../core/events.ts';
import type { Reporter } from '../core/reporter.ts';

interface Sink {
  write(line: string): void;
  close(): Promise<void>;
}

/** `--events FILE|-`: every event as one JSON object a line. */
export class Ndjson implements Reporter {
  readonly name = 'events';
  readonly #sink: Sink;

  /** `path`: a file that is replaced, a pipe that somebody reads, or `-` for `stdout`. */
  constructor(path: string, stdout: { write(text: string): void }) {
    this.#sink =
      path === '-' ? { write: (line) => stdout.write(line), close: async () => {} } : openSink(path);
  }

  onEvent(event: EventEnvelope): void {
    this.#sink.write(`${JSON.stringify(event)}\n`);
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

function openSink(path: string): Sink {
  const file = openOrThrow(path);
  return fstatSync(file).isFIFO() ? pipeSink(file, path) : fileSink(file, path);
}

/** Synchronous, so that a crash right after an event does not lose it. */
function fileSink(file: number, path: string): Sink {
  return {
    write(line) {
      try {
        writeSync(file, line);
      } catch (cause) {
        throw cannotWrite(path, cause as Error);
      }
    },
    close: async () => closeSync(file),
  };
}

/** A reader may be slow, which must not hold up the run, or go, which ends the events and nothing else. */
function pipeSink(file: number, path: string): Sink {
  const socket = new Socket({ fd: file, readable: false, writable: true });
  let failed: NodeJS.ErrnoException | undefined;
  socket.on('error', (error) => (failed ??= error));
  return {
    write: (line) => void socket.write(line),
    async close() {
      if (failed === undefined) await new Promise<void>((ended) => socket.once('close', ended).end());
      if (failed !== undefined && failed.code !== 'EPIPE') throw cannotWrite(path, failed);
    },
  };
}

function openOrThrow(path: string): number {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants;
  try {
    // Without O_NONBLOCK a pipe that nobody reads would stop the program here, deaf to Ctrl+C.
    return openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o600);
  } catch (cause) {
    const isUnread = (cause as NodeJS.ErrnoException).code === 'ENXIO';
    throw new GalleyError({
      code: 'usage.events_file',
      kind: 'usage',
      message: `cannot write events to ${path}`,
      got: isUnread ? 'a pipe that nobody reads' : (cause as Error).message,
      hint: isUnread
        ? 'start what reads it before galley'
        : '--events wants a file in a folder that exists, or - for standard output',
      cause,
    });
  }
}

function cannotWrite(path: string, cause: Error): GalleyError {
  return new GalleyError({
    code: 'local.events_lost',
    kind: 'infrastructure',
    message: `events could not be written to ${path}`,
    got: cause.message,
    hint: 'the run itself went on; all of its events are in its log folder too',
    cause,
  });
}
