import type { CheckReport } from '../core/events.ts';
import { addNotes } from './add-notes.ts';

/** The calendar day, UTC, as waivers write it. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/**
 * What the check's waiver makes of its report on that day. A failure is waived until the last day; after that it fails
 * and says so. Not being able to look is never waived: nobody knows what would have been accepted. Pure.
 */
export function waived(report: CheckReport, today: string): CheckReport {
  const { waiver, outcome } = report;
  if (!waiver || outcome === 'skip') return report;
  const { reason, until } = waiver;
  if (outcome === 'fail' && today <= until) return { ...report, outcome: 'waived' };
  if (outcome === 'pass') {
    const over = today <= until ? `until ${until}` : `that ended on ${until}`;
    return { ...report, hint: `it passes: its waiver ${over} (${reason}) is not needed any more, remove it` };
  }
  const word =
    outcome === 'fail'
      ? `its waiver ended on ${until} (${reason}): mend it, or agree on a later day`
      : `its waiver (${reason}) accepts a failure, not that it cannot be looked at`;
  return { ...report, results: addNotes(report.results, [word]) };
}

/** A waiver that nothing needs. */
export function isUnneeded(report: CheckReport): boolean {
  return report.waiver !== undefined && report.outcome === 'pass';
}
