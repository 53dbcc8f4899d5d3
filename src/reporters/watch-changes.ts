import { isBad } from '../core/check.ts';
import type { CheckReport } from '../core/events.ts';

/** What a run changed in the outcomes of an instance's checks. */
export interface CheckChanges {
  /** Fail now and did not, or fail in another way than before. */
  readonly broken: readonly CheckReport[];
  /** Failed and do not any more. */
  readonly repaired: readonly CheckReport[];
  /** Neither before nor now a failure, but not the same: new, skipped, waived. */
  readonly other: readonly CheckReport[];
  /** Fail as they did. */
  readonly still: readonly CheckReport[];
}

/** The same check may be looked at after several steps. */
export const checkKey = (report: CheckReport): string => `${report.step ?? ''}/${report.id}`;

/** `before`: the reports of the last run by `checkKey`; undefined at the first one, whose passing checks are no change. */
export function compareChecks(
  before: ReadonlyMap<string, CheckReport> | undefined,
  after: readonly CheckReport[],
): CheckChanges {
  const changes = { broken: [], repaired: [], other: [], still: [] } as {
    readonly [kind in keyof CheckChanges]: CheckReport[];
  };
  for (const report of after) {
    const earlier = before?.get(checkKey(report));
    if (isBad(report)) (isAsBefore(earlier, report) ? changes.still : changes.broken).push(report);
    else if (earlier && isBad(earlier)) changes.repaired.push(report);
    else if (before && earlier?.outcome !== report.outcome) changes.other.push(report);
  }
  return changes;
}

function isAsBefore(earlier: CheckReport | undefined, report: CheckReport): boolean {
  const seen = ({ outcome, results }: CheckReport): string =>
    JSON.stringify([outcome, results.map((one) => [one.property, one.expected, one.observed])]);
  return earlier !== undefined && seen(earlier) === seen(report);
}
