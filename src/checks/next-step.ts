import type { CheckReport } from '../core/events.ts';
import { quote } from '../core/shell-words.ts';
import { isOfRun } from '../core/test-suite.ts';

/**
 * Adds the commands that help with a check or test that did not pass, below what it says itself. `areGates`: it cannot
 * be chosen with `--check`. Pure.
 */
export function withNextStep(
  report: CheckReport,
  on: { readonly instance: string; readonly areGates?: boolean },
): CheckReport {
  if (report.outcome !== 'fail' && report.outcome !== 'error') return report;
  const { instance } = on;
  const chosen = on.areGates || isOfRun(report.id) ? '' : ` --check ${quote(report.id)}`;
  const commands = `galley verify ${instance}${chosen}   |   galley login ${instance}`;
  return { ...report, hint: report.hint === undefined ? commands : `${report.hint}\n${commands}` };
}
