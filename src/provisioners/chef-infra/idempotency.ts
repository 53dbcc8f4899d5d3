import type { ErrorRecord } from '../../core/errors.ts';
import type { ReportedResource, ReportedRun } from './dc-report.ts';
import type { ResourcePattern } from './resource-pattern.ts';

export interface IdempotencyVerdict {
  /** Kind `idempotency`; undefined when the last run changed nothing but what it may. */
  readonly error: ErrorRecord | undefined;
  /** Resources that changed again and may. */
  readonly allowed: readonly string[];
}

const SHOWN_RESOURCES = 20;
const SHOWN_DELTA_LINES = 20;

/**
 * Judges the last of several runs over the same instance: whatever it updated was not left as it should be by the run
 * before. The details name each resource, its recipe and the change that the client described.
 */
export function judgeIdempotency(
  runs: readonly ReportedRun[],
  allow: readonly ResourcePattern[],
): IdempotencyVerdict {
  const last = runs.at(-1);
  const changed = (last?.resources ?? []).filter((resource) => resource.status === 'updated');
  const isAllowed = ({ resource }: ReportedResource): boolean => allow.some((isMeant) => isMeant(resource));
  const allowed = changed.filter(isAllowed).map(({ resource }) => resource);
  const faults = changed.filter((resource) => !isAllowed(resource));
  // A client that counts more than it lists must not pass for idempotent.
  const unlisted = Math.max(0, (last?.updated ?? 0) - changed.length);
  const count = faults.length + unlisted;
  if (count === 0) return { error: undefined, allowed };
  const left = count - Math.min(faults.length, SHOWN_RESOURCES);
  const error: ErrorRecord = {
    code: 'chef.not_idempotent',
    kind: 'idempotency',
    message: `run ${runs.length} of ${runs.length} still changed ${count} ${count === 1 ? 'resource' : 'resources'}`,
    details: [
      ...faults.slice(0, SHOWN_RESOURCES).flatMap(describe),
      ...(left > 0 ? [`… and ${left} more`] : []),
    ],
    hint: 'guard these resources with not_if or only_if, or list them in the provisioner’s `idempotency_allow`',
  };
  return { error, allowed };
}

function describe({ resource, action, cookbook, recipe, delta }: ReportedResource): readonly string[] {
  const lines = (delta ?? '').split('\n').filter((line) => line !== '');
  const cut = lines.length - SHOWN_DELTA_LINES;
  return [
    `${resource} (${action}) in ${cookbook ?? '?'}::${recipe ?? '?'}`,
    ...lines.slice(0, SHOWN_DELTA_LINES).map((line) => `    ${line}`),
    ...(cut > 0 ? [`    … ${cut} more lines`] : []),
  ];
}
