import type { CheckReport } from '../core/events.ts';
import { quote } from '../core/shell-words.ts';

/** Adds the commands that help with a check that did not pass. Pure. */
export function withNextStep(
  report: CheckReport,
  on: { readonly instance: string; readonly areGates?: boolean },
): CheckReport {
  if (report.outcome !== 'fail' && report.outcome !== 'error') return report;
  const { instance } = on;
  const chosen = on.areGates ? '' : ` --check ${quote(report.id)}`;
  const again = `galley verify ${instance}${chosen}`;
  return { ...report, hint: `${again}   |   galley login ${instance}` };
}
