import { changedAgain } from '../../core/changed-again.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { ErrorRecord } from '../../core/errors.ts';
import { plural } from '../../core/plural.ts';
import type { ResourcePattern } from '../../core/resource-pattern.ts';
import type { ReportedRun } from './dc-report.ts';

export interface IdempotencyVerdict {
  /** Kind `idempotency`; undefined when the last run changed nothing but what it may. */
  readonly error: ErrorRecord | undefined;
  /** Resources that changed again and may. */
  readonly allowed: readonly string[];
  /** What the list of allowed changes says for nothing; `near` is a resource of the run that was probably meant. */
  readonly unused: readonly { readonly text: string; readonly isThere: boolean; readonly near?: string }[];
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
  const unused = unusedOf(runs.at(-1), allow);
  if (count === 0) return { error: undefined, allowed, unused };
  const error: ErrorRecord = {
    code: 'chef.not_idempotent',
    kind: 'idempotency',
    message: `run ${runs.length} of ${runs.length} still changed ${plural(count, 'resource')}`,
    details,
    hint: 'guard these resources with not_if or only_if, or list them in the provisioner’s `idempotency_allow`',
  };
  return { error, allowed, unused };
}

function unusedOf(
  run: ReportedRun | undefined,
  allow: readonly ResourcePattern[],
): IdempotencyVerdict['unused'] {
  const resources = run?.resources ?? [];
  const changed = resources.filter(({ status }) => status === 'updated');
  return allow
    .filter((isMeant) => !changed.some(({ resource }) => isMeant(resource)))
    .map((isMeant) => {
      const { text } = isMeant;
      const isThere = resources.some(({ resource }) => isMeant(resource));
      const near = isThere || text.startsWith('/') ? undefined : nameNear(text, resources);
      return { text, isThere, ...(near !== undefined && { near }) };
    });
}

function nameNear(text: string, resources: ReportedRun['resources']): string | undefined {
  return didYouMean(
    text,
    resources.map(({ resource }) => resource),
  );
}
