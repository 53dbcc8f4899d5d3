import { GalleyError } from '../core/errors.ts';
import { showDuration } from './duration.ts';

/**
 * Does the work with a signal that is aborted when `ms` are over, and then no longer waits for it: work that does not
 * listen cannot hold up the run. Throws `check.timeout` then. Without `ms` the work has all the time it wants.
 */
export async function withinTime<T>(
  ms: number | undefined,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (ms === undefined) return work(signal);
  const over = new AbortController();
  const error = new GalleyError({
    code: 'check.timeout',
    kind: 'verify',
    message: `not done within ${showDuration(ms)}`,
    hint: 'timeout: gives one look longer',
  });
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(error);
      over.abort(error);
    }, ms);
  });
  const working = work(AbortSignal.any([signal, over.signal]));
  // It may fail after nobody waits for it any more.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, limit]);
  } finally {
    clearTimeout(timer);
  }
}
