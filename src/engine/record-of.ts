import { type ErrorRecord, GalleyError, toErrorRecord } from '../core/errors.ts';
import { FailFast } from './fail-fast.ts';

/**
 * Whatever breaks after an interrupt broke because of it. `signal` is what the work listened to: a destroy goes on after
 * the first interrupt and after a failure elsewhere, so its own faults are told.
 */
export function recordOf(signal: AbortSignal, thrown: unknown): ErrorRecord {
  if (signal.aborted && !(thrown instanceof GalleyError && thrown.kind === 'config')) {
    const { reason } = signal;
    const message = reason instanceof FailFast ? reason.message : 'cancelled';
    return { code: 'run.cancelled', kind: 'cancelled', message };
  }
  return toErrorRecord(thrown);
}
