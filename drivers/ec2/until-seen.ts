import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../src/core/action-context.ts';

/** For so long AWS may not show what was just asked for. */
const SETTLES_MS = 30_000;
/** Milliseconds between two looks. */
export const LOOK_MS = 2000;

/**
 * Looks for what was asked for at `launchedAt` (milliseconds since the epoch) until it shows up, or can no longer show
 * up; then undefined. `waiting` says to people what is waited for, given the milliseconds since then. Throws what `look`
 * throws, and when aborted.
 */
export async function untilSeen<T>(
  { instance, signal, emit }: Pick<ActionContext, 'instance' | 'signal' | 'emit'>,
  launchedAt: number,
  waiting: (waitedMs: number) => string,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const started = performance.now();
  for (;;) {
    const found = await look();
    // The clock may have been put back since it was asked for.
    const waited = Math.max(Date.now() - launchedAt, performance.now() - started);
    if (found !== undefined || waited > SETTLES_MS) return found;
    emit({ type: 'progress', instance: instance.name, text: waiting(waited) });
    await sleep(LOOK_MS, undefined, { signal });
  }
}
