import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the timing rules see it; tests give a faster one. */
export interface Clock {
  /** Milliseconds from some fixed point; never goes back. */
  now(): number;
  /** Rejects with an AbortError as soon as the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
