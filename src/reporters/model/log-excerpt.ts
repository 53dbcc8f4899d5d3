import { cleanLine } from './clean-text.ts';

export interface LogLine {
  /** Name of the phase it was written in. */
  readonly phase: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** The beginning and the end of a log; the whole is in the log folder. */
export interface LogExcerpt {
  readonly head: readonly LogLine[];
  /** Lines between `head` and `tail` that are not held. */
  readonly omitted: number;
  readonly tail: readonly LogLine[];
}

const HEAD = 100;
const TAIL = 900;

/** Holds a bounded part of an instance's output: what matters is at its start and, more often, at its end. */
export class LogBuffer {
  readonly #head: LogLine[] = [];
  /** A ring once it is full. */
  readonly #tail: LogLine[] = [];
  #next = 0;
  #omitted = 0;

  add(phase: string, stream: LogLine['stream'], text: string): void {
    const line = { phase, stream, text: cleanLine(text) };
    if (this.#head.length < HEAD) this.#head.push(line);
    else if (this.#tail.length < TAIL) this.#tail.push(line);
    else {
      this.#tail[this.#next] = line;
      this.#next = (this.#next + 1) % TAIL;
      this.#omitted += 1;
    }
  }

  excerpt(): LogExcerpt {
    const tail = [...this.#tail.slice(this.#next), ...this.#tail.slice(0, this.#next)];
    return { head: [...this.#head], omitted: this.#omitted, tail };
  }
}
