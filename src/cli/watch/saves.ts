import { setTimeout as sleep } from 'node:timers/promises';

/** Collects saved files until somebody asks for them, so that many saves during a run cause one further run. */
export class Saves {
  readonly #quietMs: number;
  #files = new Set<string>();
  #count = 0;
  #wake: (() => void) | undefined;

  /** `quietMs`: a batch is over when nothing was saved for this long. */
  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  add(file: string): void {
    this.#files.add(file);
    this.#count += 1;
    this.#wake?.();
  }

  /** Whether files were saved since the last call of `next`. */
  get hasSome(): boolean {
    return this.#files.size > 0;
  }

  /** The files saved since the last call, as soon as there are any and it is quiet. Undefined after the abort. */
  async next(signal: AbortSignal): Promise<readonly string[] | undefined> {
    while (this.#files.size === 0 && !signal.aborted) await this.#woken(signal);
    let seen = -1;
    while (seen !== this.#count && !signal.aborted) {
      seen = this.#count;
      await sleep(this.#quietMs, undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted) return undefined;
    const files = [...this.#files];
    this.#files = new Set();
    return files;
  }

  async #woken(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#wake = undefined;
  }
}
