import { type FinalResults, Parser, type Result } from 'tap-parser';
import type { TestCase } from './report.ts';

/** Observed of a failed test that says no more. */
const NO_REASON = 'not ok';

/** Whether a text looks like TAP: a version line, or a plan on a line of its own. */
export function isTap(text: string): boolean {
  return /^(TAP version \d+|1\.\.\d+[ \t]*(#.*)?\r?)$/m.test(text);
}

/**
 * The tests of a TAP stream, those of subtests included under their parent's name. `# SKIP` is a skip, `# TODO` too
 * (it must not fail). A plan that is missing or was not kept, a bail-out, and a subtest that failed although all of its
 * tests passed are errors or failures of their own.
 */
export function tapCases(text: string): TestCase[] {
  const cases: TestCase[] = [];
  read(text, cases);
  return cases;
}

function read(text: string, cases: TestCase[]): void {
  const parser = new Parser();
  collect(parser, [], cases);
  parser.on('bailout', (why: string) =>
    cases.push(broken('the run', `bailed out: ${why || 'no reason given'}`)),
  );
  parser.end(text);
}

function collect(parser: Parser, above: readonly string[], cases: TestCase[]): void {
  /** The subtest whose own line has not come yet, and how many tests were known before it. */
  let open: { readonly name: string; readonly before: number } | undefined;
  const nameOf = (name: string): string => [...above, name].filter((part) => part !== '').join(' › ');
  parser.on('child', (child: Parser) => {
    open = { name: child.name, before: cases.length };
    collect(child, [...above, child.name], cases);
  });
  let last: number | undefined;
  parser.on('assert', (result: Result) => {
    last = undefined;
    const own = open?.name === result.name ? open : undefined;
    open = undefined;
    // A parent repeats what its tests say, unless it failed by itself.
    if (own && (result.ok || cases.slice(own.before).some(isBad))) return;
    last = cases.push(caseOf(result, nameOf(result.name))) - 1;
  });
  // Bats and others tell why a test failed in comments below it.
  parser.on('comment', (comment: string) => {
    const failed = last === undefined ? undefined : cases[last];
    if (last !== undefined && failed?.outcome === 'fail') cases[last] = withComment(failed, comment);
  });
  const begun = cases.length;
  parser.on('complete', (results: FinalResults) => {
    const problem = results.ok || results.bailout ? undefined : planProblem(results);
    if (problem === undefined || cases.slice(begun).some(({ outcome }) => outcome === 'error')) return;
    cases.push(broken(nameOf('the plan'), problem));
  });
}

function isBad({ outcome }: TestCase): boolean {
  return outcome === 'fail' || outcome === 'error';
}

/** What of the stream contradicts its plan, or undefined. */
function planProblem({ plan, count, failures }: FinalResults): string | undefined {
  const planned = plan.end ?? 0;
  if (plan.start === null)
    return `there is no plan: ${count} tests ran, and nobody says whether that was all`;
  if (planned !== count && !plan.skipAll) return `${count} of ${planned} planned tests ran`;
  const [wrong] = failures.flatMap((one) => ('tapError' in one && one.tapError ? [one.tapError] : []));
  return wrong;
}

function withComment(failed: TestCase, comment: string): TestCase {
  const line = comment.replace(/^\s*#\s?/, '').trimEnd();
  if (line.trim() === '') return failed;
  if (failed.observed === NO_REASON) return { ...failed, observed: line.trim() };
  return { ...failed, notes: [...(failed.notes ?? []), line] };
}

function caseOf(result: Result, title: string): TestCase {
  const name = title || `test ${result.id}`;
  if (result.skip !== false && result.skip !== undefined) return skipped(name, result.skip);
  if (result.todo !== false && result.todo !== undefined)
    return skipped(name, `todo: ${String(result.todo)}`);
  const time = typeof result.time === 'number' ? { durationMs: Math.round(result.time) } : {};
  if (result.ok) return { title: name, outcome: 'pass', expected: 'ok', observed: 'ok', ...time };
  const facts = result.diag === undefined || result.diag === null ? [] : describe(result.diag);
  return {
    title: name,
    outcome: 'fail',
    expected: 'ok',
    observed: facts[0] ?? NO_REASON,
    notes: facts.slice(1),
    ...time,
  };
}

function describe(diagnostics: unknown): string[] {
  if (typeof diagnostics !== 'object' || diagnostics === null) return [String(diagnostics)];
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const { message, ...rest } = diagnostics as Record<string, unknown>;
  const others = Object.entries(rest).map(([key, value]) => `${key}: ${text(value)}`);
  return [...(message === undefined ? [] : [text(message)]), ...others];
}

function skipped(title: string, why: unknown): TestCase {
  const reason = typeof why === 'string' && why !== '' ? why : 'no reason given';
  return { title, outcome: 'skip', expected: title, observed: `not run: ${reason}` };
}

function broken(title: string, observed: string): TestCase {
  return { title, outcome: 'error', expected: 'a complete TAP stream', observed };
}
