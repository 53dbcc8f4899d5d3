import type { Colors } from 'picocolors/types.js';
import { isBad } from '../../core/check.ts';
import type { InstanceSummary } from '../../core/events.ts';
import { slowestResources } from '../../core/slowest-resources.ts';
import { formatDuration } from '../format/duration.ts';
import { formatSummary, type SummaryRow } from '../format/summary.ts';
import { casesOf } from '../model/cases.ts';
import { verdict } from '../model/counts.ts';
import type { InstanceReport, RunReport } from '../model/run-report.ts';

/** A past run as the terminal would have shown it at its end: failures, the table, the verdict. */
export function renderText(report: RunReport, colors: Colors): string {
  const bad = report.instances.flatMap(casesOf).filter(isBad);
  const failures = bad.flatMap((one) => [colors.bold(`${one.instance} ${one.group}`), one.text, '']);
  const end = report.exitCode === undefined ? 'did not end' : `exit code ${report.exitCode}`;
  const head = `run ${report.runId}: ${report.command}, ${report.started.slice(0, 19).replace('T', ' ')} UTC, ${end}`;
  const paint = report.exitCode === 0 ? colors.green : colors.red;
  const lines = [
    colors.dim(head),
    '',
    ...failures,
    ...formatSummary(report.instances.map(summaryOf), colors),
    '',
    paint(`${verdict(report)} (${formatDuration(report.durationMs)})`),
  ];
  return `${lines.join('\n')}\n`;
}

function summaryOf(instance: InstanceReport): SummaryRow {
  const { name, outcome, phases, checks, resources, error, kept } = instance;
  const counts = { pass: 0, fail: 0, error: 0, skip: 0, waived: 0 };
  for (const check of checks) counts[check.outcome] += 1;
  const known = (one: InstanceReport['outcome']): InstanceSummary['outcome'] =>
    one === 'unfinished' ? 'cancelled' : one;
  return {
    instance: name,
    outcome,
    phases: phases
      .filter((phase) => phase.name !== 'destroy first')
      .map(({ action, durationMs, outcome: ended }) => ({ action, durationMs, outcome: known(ended) })),
    ...(checks.length > 0 && { checks: counts }),
    ...(resources.length > 0 && {
      resources: {
        total: resources.length,
        updated: resources.filter((r) => r.status === 'updated').length,
      },
    }),
    slowest: slowestResources(resources, 3),
    ...(error && { error }),
    ...(kept && { kept }),
  };
}
