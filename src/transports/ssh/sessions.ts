/**
 * Turns for sessions on one connection. A server may allow fewer than we thought (MaxSessions): one that is refused
 * while others run lowers the limit and waits.
 */
export class Sessions {
  #limit: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  async enter(): Promise<void> {
    while (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }

  leave(): void {
    this.#running -= 1;
    this.#waiting.shift()?.();
  }

  /** The one that has entered was refused; false when it was alone, so that waiting would not help. */
  refused(): boolean {
    if (this.#running <= 1) return false;
    this.#limit = this.#running - 1;
    return true;
  }
}
