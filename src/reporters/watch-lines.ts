import type { Colors } from 'picocolors/types.js';
import type { CheckReport, InstanceSummary, PhaseSummary, ResourceResult } from '../core/events.ts';
import { plural } from '../core/plural.ts';
import { formatCheck } from './format/check.ts';
import { formatDuration } from './format/duration.ts';
import { formatLocation } from './format/error.ts';
import { cut, printable } from './format/text.ts';
import type { CheckChanges } from './watch-changes.ts';

/** More than these are counted only. */
const RESOURCES_SHOWN = 20;
const DELTA_LINES = 12;

/** The resources that a run changed, each with what the client says of the change. */
export function resourceLines(
  updated: readonly ResourceResult[],
  colors: Colors,
  verbose: boolean,
): string[] {
  const shown = verbose ? updated : updated.slice(0, RESOURCES_SHOWN);
  const lines = shown.flatMap(({ resource, action, cookbook, recipe, delta }) => {
    const place = cookbook === undefined ? '' : colors.dim(`  ${cookbook}::${recipe ?? 'default'}`);
    const head = `${colors.cyan('updated')}  ${cut(printable(resource), 80)}  ${action}${place}`;
    // The names of the client's temporary files say nothing.
    const diff = (delta ?? '')
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^(?:---|\+\+\+) \//.test(line));
    const kept = verbose ? diff : diff.slice(0, DELTA_LINES);
    const more = diff.length > kept.length ? [`… ${diff.length - kept.length} more lines`] : [];
    return [head, ...[...kept, ...more].map((line) => `  ${colors.dim('│')} ${cut(printable(line), 110)}`)];
  });
  const rest = updated.length - shown.length;
  return rest > 0 ? [...lines, `${colors.cyan('updated')}  ${rest} more resources`] : lines;
}

/** The checks whose outcome is another one than before; those that still fail in a line each. */
export function checkLines(changes: CheckChanges, colors: Colors, instance: string): string[] {
  const still = (report: CheckReport): string => {
    const place = report.location ? colors.dim(`  ${formatLocation(report.location)}`) : '';
    return `${colors.red('still fails')}  ${report.title}${place}`;
  };
  return [
    ...changes.repaired.flatMap((report) =>
      report.outcome === 'pass'
        ? [`${colors.green('passes again')}  ${report.title}`]
        : formatCheck(report, colors, instance),
    ),
    ...changes.other.flatMap((report) => formatCheck(report, colors, instance)),
    ...changes.broken.flatMap((report) => formatCheck(report, colors, instance)),
    ...changes.still.map(still),
  ];
}

/** How a run went for an instance, in one line. */
export function summaryLine(summary: InstanceSummary, colors: Colors): string {
  const mark = {
    passed: colors.green('✓'),
    failed: colors.red('✗'),
    cancelled: colors.yellow('■'),
  }[summary.outcome];
  const phases = summary.phases.map(phaseText).join(', ');
  const facts = [phases, resourceText(summary), checkText(summary)].filter((fact) => fact !== '');
  const text = facts.length > 0 ? facts.join(' · ') : summary.outcome;
  return `${mark} ${colors.bold(summary.instance)}  ${text}`;
}

function phaseText({ action, step, outcome, durationMs }: PhaseSummary): string {
  const how = outcome === 'passed' || action === 'verify' ? '' : `${outcome} after `;
  return `${action}${step === undefined ? '' : ` ${step}`} ${how}${formatDuration(durationMs)}`;
}

function resourceText({ resources }: InstanceSummary): string {
  if (!resources) return '';
  const { total, updated } = resources;
  return `${updated} of ${plural(total, 'resource')} updated`;
}

function checkText({ checks }: InstanceSummary): string {
  if (!checks) return '';
  const words = {
    fail: 'failed',
    error: 'could not look',
    pass: 'passed',
    skip: 'skipped',
    waived: 'waived',
  };
  const parts = (['fail', 'error', 'pass', 'skip', 'waived'] as const).filter((one) => checks[one] > 0);
  return parts
    .map((one, at) => `${at > 0 ? checks[one] : plural(checks[one], 'check')} ${words[one]}`)
    .join(', ');
}
