import { isBad } from '../../core/check.ts';
import { type Case, casesOf, labelOf } from '../model/cases.ts';
import { verdict } from '../model/counts.ts';
import type { InstanceReport, RunReport } from '../model/run-report.ts';

/**
 * TAP 14: a subtest per instance, a test point per phase and check. Consumers of TAP 12 and 13 see one point per
 * instance. Source: TestAnything/Specification, tap-version-14-specification.md.
 */
export function renderTap(report: RunReport): string {
  const lines = ['TAP version 14', `1..${report.instances.length}`];
  report.instances.forEach((instance, i) => lines.push(...subtest(instance, i + 1)));
  lines.push(`# ${comment(verdict(report))}`);
  const stopped = report.instances.some((i) => i.outcome === 'cancelled' || i.outcome === 'unfinished');
  if (stopped || report.exitCode === undefined) lines.push('Bail out! the run was cancelled or did not end');
  return `${lines.join('\n')}\n`;
}

function subtest(instance: InstanceReport, number: number): string[] {
  const cases = casesOf(instance);
  const name = description(instance.name);
  const word = instance.outcome === 'passed' && !cases.some(isBad) ? 'ok' : 'not ok';
  if (cases.length === 0) return [`${word} ${number} - ${name}`];
  const inner = cases.flatMap((one, i) => point(one, i + 1));
  return [
    `# Subtest: ${name}`,
    ...[`1..${cases.length}`, ...inner].map((line) => `    ${line}`),
    `${word} ${number} - ${name}`,
  ];
}

function point(one: Case, number: number): string[] {
  const isOk = one.outcome === 'pass' || one.outcome === 'skip';
  const what = `${isOk ? 'ok' : 'not ok'} ${number} - ${description(labelOf(one))}`;
  if (one.outcome === 'skip') return [`${what} # SKIP ${comment(one.message)}`];
  // A TODO point that is not ok does not fail the test.
  if (one.outcome === 'waived') return [`${what} # TODO ${comment(one.message)}`];
  if (one.outcome === 'pass' && !one.flaky) return [what];
  return [what, ...diagnostics(one).map((line) => `  ${line}`)];
}

/** YAML, each value as JSON, which YAML contains: nothing in a text can end the block. */
function diagnostics(one: Case): string[] {
  const data = (one.check?.results ?? [])
    .filter((r) => r.outcome !== 'pass')
    .slice(0, 20)
    .map(({ property, outcome, expected, observed, source }) => ({
      property,
      outcome,
      expected,
      observed,
      source,
    }));
  const fields: readonly (readonly [string, unknown])[] = [
    ['message', one.message],
    ['severity', one.flaky ? 'flaky' : one.outcome],
    ['kind', one.kind],
    ['at', one.location],
    ['attempts', one.attempts > 1 ? one.attempts : undefined],
    ['duration_ms', Math.round(one.durationMs)],
    ['results', data.length > 0 ? data : undefined],
    ['text', one.text === '' ? undefined : one.text],
  ];
  const shown = fields.filter(([, value]) => value !== undefined);
  return ['---', ...shown.map(([key, value]) => `${key}: ${json(value)}`), '...'];
}

function json(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}

/** `\` and `#` have a meaning in descriptions and directives. */
function description(text: string): string {
  return oneLine(text).replaceAll('\\', '\\\\').replaceAll('#', String.raw`\#`);
}

function comment(text: string): string {
  return oneLine(text);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}
