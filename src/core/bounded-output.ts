import { splitLines } from './output-lines.ts';
import { plural } from './plural.ts';

type Stream = 'stdout' | 'stderr';

/** What is passed on of one command's output, in characters, each line with what it takes in a log beside its text. */
export const OUTPUT_LIMIT = 32 * 1024 * 1024;
const LINE_COST = 100;
/** What came last says why a command failed. */
export const TAIL_LINES = 200;

export interface BoundedOutput {
  readonly push: (stream: Stream, chunk: Uint8Array) => void;
  /** Passes on lines without their end, and what was kept of those over the limit. Once. */
  readonly end: () => void;
}

export interface OutputTaker {
  /** A line for logs and events. */
  readonly pass: (stream: Stream, line: string) => void;
  /** Sees every line, also those that are not passed on; false keeps a line from being passed on or counted. */
  readonly look?: (line: string) => boolean;
  readonly secrets?: readonly string[];
  readonly limit?: number;
}

/**
 * Splits the output of one command into lines (see `splitLines`) and passes on as much of it as a log should hold: all
 * up to `limit`, then only the last `TAIL_LINES`, between them a line that says how many were left out. A command
 * that prints for ever must not fill the disk with its log.
 */
export function boundedOutput({ pass, look, secrets, limit = OUTPUT_LIMIT }: OutputTaker): BoundedOutput {
  let passed = 0;
  let isOver = false;
  let lost = { lines: 0, characters: 0 };
  const tail: (readonly [Stream, string])[] = [];
  const take = (stream: Stream, line: string): void => {
    if (look?.(line) === false) return;
    if (!isOver && passed + line.length + LINE_COST <= limit) {
      passed += line.length + LINE_COST;
      pass(stream, line);
      return;
    }
    if (!isOver)
      pass(
        stream,
        `… [this is ${size(limit)} of output: of what follows, only the last ${TAIL_LINES} lines are kept]`,
      );
    isOver = true;
    tail.push([stream, line]);
    if (tail.length <= TAIL_LINES) return;
    const [, gone] = tail.shift() ?? ['stdout', ''];
    lost = { lines: lost.lines + 1, characters: lost.characters + gone.length + 1 };
  };
  const lines = {
    stdout: splitLines((line) => take('stdout', line), secrets),
    stderr: splitLines((line) => take('stderr', line), secrets),
  };
  return {
    push: (stream, chunk) => lines[stream].push(chunk),
    end() {
      lines.stdout.end();
      lines.stderr.end();
      const [first] = tail;
      if (first && lost.lines > 0)
        pass(first[0], `… [${plural(lost.lines, 'line')}, ${size(lost.characters)}, left out here]`);
      for (const [stream, line] of tail.splice(0)) pass(stream, line);
    },
  };
}

function size(characters: number): string {
  const inMb = characters / 1e6;
  return inMb >= 1 ? `${Math.round(inMb)} MB` : `${Math.max(1, Math.round(characters / 1e3))} kB`;
}
