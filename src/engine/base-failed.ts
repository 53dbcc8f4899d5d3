import { type ErrorRecord, GalleyError } from '../core/errors.ts';

/** Why there is no snapshot of a base: what happened to its machine, which has been told where it happened. */
export class NoSnapshot extends Error {
  readonly record: ErrorRecord;

  constructor(record: ErrorRecord) {
    super(record.message);
    this.record = record;
  }
}

/**
 * Told for each instance that waits for the base. `isTold`: the evidence has been shown at the base, so that here a
 * line is enough; else (its cookbooks cannot be found, the engine does not answer) this is the only place.
 */
export function baseFailed(
  base: string,
  dependant: string,
  record: ErrorRecord,
  isTold: boolean,
): GalleyError {
  const { kind, location, details } = record;
  if (kind === 'cancelled') return new GalleyError({ code: 'run.cancelled', kind, message: 'cancelled' });
  const message = `${dependant} starts from ${base}, which ${isTold ? `failed (${record.code})` : `cannot be made: ${record.message}`}`;
  const evidence = isTold ? {} : { ...(location && { location }), ...(details && { details }) };
  const hint = (isTold ? undefined : record.hint) ?? `galley converge ${base} runs it alone`;
  return new GalleyError({ code: 'from.base_failed', kind, message, ...evidence, hint });
}
