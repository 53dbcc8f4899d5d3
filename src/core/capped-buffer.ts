/** Keeps the first `limit` bytes and counts the rest. */
export class CappedBuffer {
  readonly #limit: number;
  readonly #chunks: Uint8Array[] = [];
  #kept = 0;
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    const room = Math.max(0, this.#limit - this.#kept);
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (part.length > 0) this.#chunks.push(part);
    this.#kept += part.length;
    this.#dropped += chunk.length - part.length;
  }

  /** UTF-8 text; says at its end how much was left out, if any. */
  toString(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    return this.#dropped === 0 ? text : `${text}\n[${this.#dropped} more bytes were not kept]\n`;
  }
}
