import type { Terminal } from './terminal.ts';

const UP_AND_CLEAR = '\u001b[1A\u001b[2K';

/** A few lines at the bottom of the terminal that are rewritten in place. */
export class LiveArea {
  readonly #terminal: Terminal;
  #height = 0;
  #shown = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Replaces what is shown. Lines must be shorter than the terminal is wide, or clearing would miss some. */
  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (text === this.#shown) return;
    this.#terminal.write(`${UP_AND_CLEAR.repeat(this.#height)}${text}`);
    this.#height = lines.length;
    this.#shown = text;
  }

  clear(): void {
    if (this.#height > 0) this.#terminal.write(UP_AND_CLEAR.repeat(this.#height));
    this.#height = 0;
    this.#shown = '';
  }
}
