import { ERROR_KINDS, type ErrorKind } from '../core/errors.ts';
import type { InstanceSummary } from '../core/events.ts';

/** Documented in docs/exit-codes.md; never renumbered. */
export const EXIT_CODES: { readonly [kind in ErrorKind]: number } = {
  internal: 1,
  usage: 2,
  config: 2,
  infrastructure: 3,
  converge: 4,
  verify: 5,
  idempotency: 6,
  cancelled: 130,
};

/** `galley convert`: done, but some of what it was given has no equal and is listed. */
export const INCOMPLETE = 7;

/**
 * Of several failures the one that comes first in an instance's way decides; a bug before all. What was cancelled
 * because another instance failed does not decide; after a signal the caller puts the signal's own code.
 */
const PRECEDENCE: readonly ErrorKind[] = ['internal', ...ERROR_KINDS.filter((kind) => kind !== 'internal')];

export function exitCodeOf(summaries: readonly InstanceSummary[]): number {
  const kinds = new Set(summaries.flatMap((s) => (s.error ? [s.error.kind] : [])));
  const decisive = PRECEDENCE.find((kind) => kinds.has(kind));
  return decisive === undefined ? 0 : EXIT_CODES[decisive];
}
