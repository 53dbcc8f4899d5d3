import { History } from '../reporters/history/history.ts';

/** Uses the history of runs; it is a convenience, so what is wrong with it is only said and never fails a run. */
export function withHistory<T>(
  file: string,
  warn: (message: string) => void,
  use: (history: History) => T,
): T | undefined {
  try {
    using history = new History(file, (movedTo) =>
      warn(`the history of runs was damaged and was moved to ${movedTo}`),
    );
    return use(history);
  } catch (error) {
    warn(`the history of runs cannot be used: ${(error as Error).message}`);
    return undefined;
  }
}
