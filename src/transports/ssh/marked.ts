/** Bytes before the mark that are kept, and after which it is given up. */
const KEPT = 64 * 1024;
const TOO_MUCH = 64 * 1024 * 1024;

/**
 * Takes off what a stream holds up to a line that begins with the mark: what shells print when they start (`.bashrc`),
 * and sudo's complaints. What follows the mark on its line is kept for the caller. A shell may print for ever: of what
 * comes before only the end is kept.
 */
export class Marked {
  readonly #mark: Buffer;
  #before: Buffer | undefined = Buffer.alloc(0);
  #noise = '';
  #word: string | undefined;
  #seen = 0;

  constructor(mark: string) {
    this.#mark = Buffer.from(mark);
  }

  /** The content that this chunk brings; empty until the mark has gone by. */
  take(chunk: Buffer): Buffer {
    if (this.#before === undefined) return chunk;
    const all = Buffer.concat([this.#before, chunk]);
    const start = all.indexOf(this.#mark);
    const end = start < 0 ? -1 : all.indexOf(10, start);
    if (end < 0) {
      this.#seen += chunk.length;
      this.#before = all.length > KEPT ? Buffer.from(all.subarray(all.length - KEPT)) : all;
      return Buffer.alloc(0);
    }
    this.#noise = all.subarray(0, start).toString('utf8');
    this.#word = all
      .subarray(start + this.#mark.length, end)
      .toString('latin1')
      .trim();
    this.#before = undefined;
    return all.subarray(end + 1);
  }

  /** So much has come that no mark is to be expected any more. */
  isHopeless(): boolean {
    return this.#before !== undefined && this.#seen > TOO_MUCH;
  }

  /** What followed the mark on its line; undefined as long as it has not been seen. */
  word(): string | undefined {
    return this.#word;
  }

  /** What came before the mark, or everything when there was none. */
  noise(): string {
    return this.#before?.toString('utf8') ?? this.#noise;
  }
}
