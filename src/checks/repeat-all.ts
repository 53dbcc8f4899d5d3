import type { Repeat } from '../core/check.ts';

/**
 * Makes `times` observations, at most `concurrency` at a time. Stops early when `isHopeless` says so of what has been
 * seen so far. The first rejection stops all and is thrown.
 */
export async function repeatAll<T>(
  repeat: Pick<Repeat, 'times' | 'concurrency'>,
  signal: AbortSignal,
  observeOne: (n: number) => Promise<T>,
  isHopeless: (seen: readonly T[]) => boolean = () => false,
): Promise<T[]> {
  const seen: T[] = [];
  let next = 0;
  let isStopped = false;
  const worker = async (): Promise<void> => {
    while (next < repeat.times && !isStopped) {
      signal.throwIfAborted();
      next += 1;
      seen.push(await observeOne(next));
      isStopped ||= isHopeless(seen);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(repeat.concurrency, repeat.times) }, worker));
  } finally {
    isStopped = true;
  }
  return seen;
}

/** The value below which the share `p` (0…1) of the numbers lies; 0 for none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? 0;
}
