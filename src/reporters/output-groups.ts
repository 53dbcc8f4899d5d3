/**
 * Keeps the raw output of instances that run at the same time apart: with several, a phase's lines come out
 * together when it ends; with one, at once.
 */
export class OutputGroups {
  streaming = false;
  readonly #held = new Map<string, string[]>();
  readonly #print: (instance: string, lines: readonly string[]) => void;

  constructor(print: (instance: string, lines: readonly string[]) => void) {
    this.#print = print;
  }

  add(instance: string, line: string): void {
    if (this.streaming) {
      this.#print(instance, [line]);
      return;
    }
    const held = this.#held.get(instance) ?? [];
    held.push(line);
    this.#held.set(instance, held);
  }

  flush(instance: string): void {
    const held = this.#held.get(instance);
    this.#held.delete(instance);
    if (held) this.#print(instance, held);
  }
}
