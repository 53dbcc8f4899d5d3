/** The first SIGINT, SIGTERM or SIGHUP (the terminal was closed) cancels the work, the second also the cleanup, the third ends the process. */
export interface Interrupts extends Disposable {
  readonly signal: AbortSignal;
  readonly hardSignal: AbortSignal;
  /** Exit code of the signal that came, when one came: 128 + its number. */
  exitCode(): number | undefined;
}

const SAME_MS = 150;
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

export function watchInterrupts(onInterrupt: (count: number) => void): Interrupts {
  const soft = new AbortController();
  const hard = new AbortController();
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  let code: number | undefined;
  const listen = (exitCode: number) => (): void => {
    // Ctrl+C reaches a launcher and its child both, and the launcher passes it on: that is one interrupt.
    if (performance.now() - last < SAME_MS) return;
    last = performance.now();
    count += 1;
    code ??= exitCode;
    if (count === 3) process.exit(exitCode);
    (count === 1 ? soft : hard).abort();
    onInterrupt(count);
  };
  const listeners = Object.entries(CODES).map(([name, exitCode]) => [name, listen(exitCode)] as const);
  for (const [name, listener] of listeners) process.on(name, listener);
  return {
    signal: soft.signal,
    hardSignal: hard.signal,
    exitCode: () => code,
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
}
