/** The first SIGINT or SIGTERM cancels the work, the second also the cleanup, the third ends the process. */
export interface Interrupts extends Disposable {
  readonly signal: AbortSignal;
  readonly hardSignal: AbortSignal;
  /** Exit code of the signal that came, when one came: 128 + its number. */
  exitCode(): number | undefined;
}

export function watchInterrupts(onInterrupt: (count: number) => void): Interrupts {
  const soft = new AbortController();
  const hard = new AbortController();
  let count = 0;
  let code: number | undefined;
  const listen = (exitCode: number) => (): void => {
    count += 1;
    code ??= exitCode;
    if (count === 3) process.exit(exitCode);
    (count === 1 ? soft : hard).abort();
    onInterrupt(count);
  };
  const onInt = listen(130);
  const onTerm = listen(143);
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  return {
    signal: soft.signal,
    hardSignal: hard.signal,
    exitCode: () => code,
    [Symbol.dispose]() {
      process.off('SIGINT', onInt);
      process.off('SIGTERM', onTerm);
    },
  };
}
