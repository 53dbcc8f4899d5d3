import { changedAgain } from '../../core/changed-again.ts';
import type { ErrorRecord } from '../../core/errors.ts';
import type { ResourcePattern } from '../../core/resource-pattern.ts';
import type { ReportedRun } from './dc-report.ts';

export interface IdempotencyVerdict {
  /** Kind `idempotency`; undefined when the last run changed nothing but what it may. */
  readonly error: ErrorRecord | undefined;
  /** Resources that changed again and may. */
  readonly allowed: readonly string[];
}

/**
 * Judges the last of several runs over the same instance: whatever it updated was not left as it should be by the run
 * before. The details name each resource, its recipe and the change that the client described.
 */
export function judgeIdempotency(
  runs: readonly ReportedRun[],
  allow: readonly ResourcePattern[],
): IdempotencyVerdict {
  const { count, allowed, details } = changedAgain(runs.at(-1), allow);
  if (count === 0) return { error: undefined, allowed };
  const error: ErrorRecord = {
    code: 'chef.not_idempotent',
    kind: 'idempotency',
    message: `run ${runs.length} of ${runs.length} still changed ${count} ${count === 1 ? 'resource' : 'resources'}`,
    details,
    hint: 'guard these resources with not_if or only_if, or list them in the provisioner’s `idempotency_allow`',
  };
  return { error, allowed };
}
