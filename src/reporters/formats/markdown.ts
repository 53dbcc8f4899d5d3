import { isBad } from '../../core/check.ts';
import { formatDuration } from '../format/duration.ts';
import { type Case, casesOf, labelOf } from '../model/cases.ts';
import { verdict } from '../model/counts.ts';
import type { InstanceReport, RunReport } from '../model/run-report.ts';
import { slowestOfRun } from '../model/slowest.ts';
import { escapeMarkdown, fenced } from './escape-markdown.ts';

/** A run as Markdown. `mostBytes`: failures that do not fit are counted, never cut in the middle of a block. */
export function renderMarkdown(report: RunReport, mostBytes = Number.POSITIVE_INFINITY): string {
  const cases = report.instances.flatMap((instance) => casesOf(instance));
  const mark = report.exitCode === 0 ? '✅' : '❌';
  const head = [
    `## ${mark} galley ${escapeMarkdown(report.command)}: ${escapeMarkdown(verdict(report))}`,
    '',
    `${formatDuration(report.durationMs)} · ${report.started} · run \`${report.runId}\`${ending(report)}`,
  ].join('\n');
  const sections = [instanceTable(report), ...notes(cases), ...slowest(report)];
  const failures = cases.filter(isBad).map(failure);
  return fit(head, failures, sections, mostBytes);
}

/** The head is always there; then as many failures as fit, then the rest. */
function fit(
  head: string,
  failures: readonly string[],
  sections: readonly string[],
  mostBytes: number,
): string {
  const parts = [head];
  let left = mostBytes - Buffer.byteLength(head) - 200;
  const add = (part: string): boolean => {
    left -= Buffer.byteLength(part) + 2;
    if (left < 0) return false;
    parts.push(part);
    return true;
  };
  const [table = '', ...rest] = sections;
  if (!add(table)) left += Buffer.byteLength(table) + 2;
  if (failures.length > 0) add('### Failures');
  const cut = failures.findIndex((one) => !add(one));
  if (cut >= 0) parts.push(`… and ${failures.length - cut} more failures that do not fit here`);
  else for (const one of rest) add(one);
  return `${parts.join('\n\n')}\n`;
}

function ending(report: RunReport): string {
  if (report.exitCode === undefined) return ' · the run did not end';
  return report.exitCode === 0 ? '' : ` · exit code ${report.exitCode}`;
}

function instanceTable(report: RunReport): string {
  const rows = report.instances.map((instance) => {
    const count = (outcome: string): string =>
      String(instance.checks.filter((c) => c.outcome === outcome).length);
    const cells = [
      escapeMarkdown(instance.name),
      outcomeWord(instance),
      ...['pass', 'fail', 'error', 'skip', 'waived'].map(count),
      ...(['create', 'converge', 'verify'] as const).map((action) => phaseTime(instance, action)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| instance | outcome | pass | fail | error | skip | waived | create | converge | verify |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function outcomeWord(instance: InstanceReport): string {
  if (instance.outcome === 'passed') return '✅ passed';
  if (instance.outcome === 'cancelled') return '⏹ cancelled';
  if (instance.outcome === 'unfinished') return '⏹ not ended';
  const phase = instance.phases.find((p) => p.outcome !== 'passed')?.name ?? 'preparation';
  return `❌ failed in ${phase}`;
}

function phaseTime(instance: InstanceReport, action: string): string {
  const phases = instance.phases.filter((phase) => phase.action === action);
  return phases.length === 0 ? '–' : formatDuration(phases.reduce((sum, p) => sum + p.durationMs, 0));
}

function failure(one: Case): string {
  const title = `${escapeMarkdown(one.instance)}: ${escapeMarkdown(labelOf(one))}`;
  return [
    '<details><summary>',
    '',
    `**${title}** ${escapeMarkdown(one.message)}`,
    '',
    '</summary>',
    '',
    fenced(one.text),
    '',
    '</details>',
  ].join('\n');
}

function notes(cases: readonly Case[]): readonly string[] {
  const listed = (title: string, some: readonly Case[]): readonly string[] =>
    some.length === 0
      ? []
      : [
          `### ${title}\n\n${some
            .map((c) => `- ${escapeMarkdown(`${c.instance}: ${labelOf(c)}: ${c.message}`)}`)
            .join('\n')}`,
        ];
  return [
    ...listed(
      'Flaky',
      cases.filter((one) => one.flaky),
    ),
    ...listed(
      'Waived',
      cases.filter((one) => one.outcome === 'waived'),
    ),
  ];
}

function slowest(report: RunReport): readonly string[] {
  const rows = slowestOfRun(report, 10).map(
    (r) =>
      `| ${formatDuration(r.durationMs)} | ${escapeMarkdown(r.resource)} | ${escapeMarkdown(r.instance)} | ${escapeMarkdown(r.status)} |`,
  );
  if (rows.length === 0) return [];
  return [
    ['### Slowest resources', '', '| time | resource | instance | |', '|--:|---|---|---|', ...rows].join(
      '\n',
    ),
  ];
}
