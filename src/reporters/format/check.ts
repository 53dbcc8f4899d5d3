import type { Colors } from 'picocolors/types.js';
import type { CheckResult } from '../../core/check.ts';
import type { CheckReport } from '../../core/events.ts';
import { formatDuration } from './duration.ts';
import { formatLocation, labelled } from './error.ts';
import { printable } from './text.ts';

const WORDS = { pass: 'ok', fail: 'FAIL', error: 'ERROR', skip: 'skip', waived: 'waived' } as const;

/** One line for a check that needs no attention, a block for one that does. */
export function formatCheck(report: CheckReport, colors: Colors, where: string): string[] {
  if (report.outcome !== 'fail' && report.outcome !== 'error') return [oneLine(report, colors)];
  const step = report.step === undefined ? '' : ` · step ${printable(report.step)}`;
  const place = report.location ? ` · ${printable(formatLocation(report.location))}` : '';
  const word = report.outcome === 'fail' ? colors.red(WORDS.fail) : colors.magenta(WORDS.error);
  const severity = report.severity === undefined ? '' : ` [${report.severity}]`;
  const lines = [
    `${word} ${colors.bold(printable(report.title))}${severity}  ${colors.dim(`${where}${step}${place}`)}`,
  ];
  const shown = report.results.filter((r) => r.outcome === report.outcome || r.outcome === 'fail');
  for (const result of shown) {
    lines.push(...labelled('expected', expectation(result)));
    const source = result.source === undefined ? '' : `   [${result.source}]`;
    lines.push(...labelled('observed', `${result.observed}${source}`));
    for (const note of result.notes ?? []) lines.push(...formatNote(note));
  }
  if (report.why !== undefined) lines.push(...labelled('why', report.why));
  if (report.attempts > 1)
    lines.push(...labelled('tried', `${report.attempts} times in ${formatDuration(report.durationMs)}`));
  if (report.hint !== undefined) lines.push(...labelled('try', report.hint).map((l) => colors.yellow(l)));
  return lines;
}

/** What a note is: its first word, where that says it. Lines of collected evidence stand below their heading. */
function formatNote(note: string): string[] {
  const found = /^(cause|first|answer|workers|status|time): (.*)$/s.exec(note);
  if (found) return labelled(found[1] ?? '', found[2] ?? '');
  return labelled(note.startsWith('  ') ? '' : 'note', note);
}

/** `listening` and not `listening listening`; of a test of an existing suite just what it expects. */
export function expectation({ property, expected }: Pick<CheckResult, 'property' | 'expected'>): string {
  return property === 'test' || expected.startsWith(property) ? expected : `${property} ${expected}`;
}

function oneLine(report: CheckReport, colors: Colors): string {
  if (report.outcome === 'skip') {
    const why = report.results[0]?.observed ?? '';
    return `${colors.yellow(WORDS.skip)} ${printable(report.title)}  ${colors.dim(printable(why))}`;
  }
  if (report.outcome === 'waived') {
    const { reason, until } = report.waiver ?? { reason: 'no reason', until: 'no end' };
    return `${colors.yellow(WORDS.waived)} ${printable(report.title)}  ${colors.dim(printable(`until ${until}: ${reason}`))}`;
  }
  const flaky = report.flaky ? colors.yellow(`  flaky: passed at attempt ${report.attempts}`) : '';
  return `${colors.green(WORDS.pass)} ${printable(report.title)}${flaky}`;
}
