import type { ResourceResult } from './events.ts';
import type { ResourcePattern } from './resource-pattern.ts';

/** What a further converge of a converged instance still changed. */
export interface ChangedAgain {
  /** Changes that were not allowed. */
  readonly count: number;
  /** Resources that changed again and may. */
  readonly allowed: readonly string[];
  /** Each resource with its action and recipe, and below it the change that the client described, indented. */
  readonly details: readonly string[];
}

const SHOWN_RESOURCES = 20;
const SHOWN_DELTA_LINES = 20;

/** Judges a run that should have changed nothing. `updated` is the number that the client itself counted. Pure. */
export function changedAgain(
  run: { readonly resources: readonly ResourceResult[]; readonly updated: number } | undefined,
  allow: readonly ResourcePattern[],
): ChangedAgain {
  const changed = (run?.resources ?? []).filter((resource) => resource.status === 'updated');
  const isAllowed = ({ resource }: ResourceResult): boolean => allow.some((isMeant) => isMeant(resource));
  const faults = changed.filter((resource) => !isAllowed(resource));
  // A client that counts more than it lists must not pass for idempotent.
  const unlisted = Math.max(0, (run?.updated ?? 0) - changed.length);
  const count = faults.length + unlisted;
  const left = count - Math.min(faults.length, SHOWN_RESOURCES);
  return {
    count,
    allowed: changed.filter(isAllowed).map(({ resource }) => resource),
    details: [
      ...faults.slice(0, SHOWN_RESOURCES).flatMap(describe),
      ...(left > 0 ? [`… and ${left} more`] : []),
    ],
  };
}

function describe({ resource, action, cookbook, recipe, delta }: ResourceResult): readonly string[] {
  const lines = (delta ?? '').split('\n').filter((line) => line !== '');
  const cut = lines.length - SHOWN_DELTA_LINES;
  return [
    `${resource} (${action}) in ${cookbook ?? '?'}::${recipe ?? '?'}`,
    ...lines.slice(0, SHOWN_DELTA_LINES).map((line) => `    ${line}`),
    ...(cut > 0 ? [`    … ${cut} more lines`] : []),
  ];
}
