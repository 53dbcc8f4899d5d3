import type { CheckReport } from '../core/events.ts';
import { quote } from '../core/shell-words.ts';

/** Adds the commands that help with a check that did not pass. Pure. */
export function withNextStep(report: CheckReport, instance: string): CheckReport {
  if (report.outcome !== 'fail' && report.outcome !== 'error') return report;
  const again = `galley verify ${instance} --check ${quote(report.id)}`;
  return { ...report, hint: `${again}   |   galley login ${instance}` };
}
