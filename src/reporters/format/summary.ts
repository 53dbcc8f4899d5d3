import type { Colors } from 'picocolors/types.js';
import type { InstanceSummary } from '../../core/events.ts';
import type { Action } from '../../core/instance.ts';
import type { ReportedOutcome } from '../model/run-report.ts';
import { formatDuration } from './duration.ts';
import { cut, printable, table } from './text.ts';

const PHASES: readonly Action[] = ['create', 'converge', 'setup', 'verify', 'destroy'];

/** What the table needs of an instance; of a past run it may be that its end was never heard of. */
export type SummaryRow = Omit<InstanceSummary, 'outcome'> & { readonly outcome: ReportedOutcome };

/** The table at the end of a run: a row per instance with phase times, resources and checks. */
export function formatSummary(summaries: readonly SummaryRow[], colors: Colors): string[] {
  const columns = PHASES.filter((p) => summaries.some((s) => s.phases.some((phase) => phase.action === p)));
  const withResources = summaries.some((s) => s.resources);
  const withChecks = summaries.some((s) => s.checks);
  const header = [
    'instance',
    ...columns,
    ...(withResources ? ['resources'] : []),
    ...(withChecks ? ['checks'] : []),
    'outcome',
  ];
  const rows = summaries.map((s) => [
    s.instance,
    ...columns.map((p) => phaseTime(s, p)),
    ...(withResources ? [s.resources ? `${s.resources.updated}/${s.resources.total} updated` : '–'] : []),
    ...(withChecks ? [checkCounts(s)] : []),
    outcomeWords(s),
  ]);
  const right = new Set(columns.map((_, i) => i + 1));
  const [head, ...body] = table([header, ...rows], right);
  const lines = [colors.dim(head ?? ''), ...body.map((line, i) => paint(line, summaries[i], colors))];
  return [...lines, ...slowestLines(summaries, colors)];
}

function outcomeWords({ error, outcome, step }: SummaryRow): string {
  const words = error?.kind === 'idempotency' ? 'not idempotent' : outcome;
  return outcome === 'passed' || step === undefined ? words : `${words} at ${printable(step)}`;
}

/** Time of a phase, of all steps together; what `test` clears away at its start is not among the phases. */
function phaseTime(summary: SummaryRow, action: Action): string {
  const times = summary.phases.filter((p) => p.action === action);
  if (times.length === 0) return '–';
  return formatDuration(times.reduce((total, p) => total + p.durationMs, 0));
}

function checkCounts(summary: SummaryRow): string {
  const { checks } = summary;
  if (!checks) return '–';
  const flaky = summary.flaky === undefined ? '' : ` (${summary.flaky} flaky)`;
  const parts = [`${checks.pass} passed${flaky}`];
  if (checks.fail > 0) parts.push(`${checks.fail} failed`);
  if (checks.error > 0) parts.push(`${checks.error} could not look`);
  if (checks.skip > 0) parts.push(`${checks.skip} skipped`);
  if (checks.waived > 0) parts.push(`${checks.waived} waived`);
  return parts.join(', ');
}

function paint(line: string, summary: SummaryRow | undefined, colors: Colors): string {
  if (summary?.outcome === 'failed') return colors.red(line);
  if (summary?.outcome === 'cancelled') return colors.yellow(line);
  return line;
}

function slowestLines(summaries: readonly SummaryRow[], colors: Colors): string[] {
  const all = summaries.flatMap((s) => s.slowest.map((r) => ({ instance: s.instance, ...r })));
  const top = all.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, 5);
  if (top.length === 0) return [];
  const rows = top.map((r) => [
    `  ${formatDuration(r.durationMs)}`,
    cut(printable(r.resource), 60),
    // Of one instance it is clear.
    ...(summaries.length > 1 ? [r.instance] : []),
  ]);
  return ['', colors.dim('slowest resources'), ...table(rows)];
}
