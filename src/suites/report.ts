import type { CheckOutcome, CheckResult, Waiver } from '../core/check.ts';
import type { CheckReport } from '../core/events.ts';
import { slug, takeName } from '../core/slug.ts';

export interface TestCase {
  readonly title: string;
  readonly outcome: CheckOutcome;
  readonly expected: string;
  readonly observed: string;
  readonly source?: string;
  readonly notes?: readonly string[];
  readonly durationMs?: number;
  /** Id that the suite itself gives the test, e.g. of an InSpec control. */
  readonly id?: string;
  readonly location?: CheckReport['location'];
  readonly hint?: string;
  readonly why?: string;
  readonly tags?: readonly string[];
  /** Its author expects that it fails. */
  readonly waiver?: Waiver;
}

/** A test that looks at several properties of one thing; the worst of its results is its outcome. */
export interface TestGroup extends Omit<TestCase, 'outcome' | 'expected' | 'observed' | 'source' | 'notes'> {
  readonly results: readonly CheckResult[];
}

/** The outcome of a check with these results: a skip only when nothing else is there. */
export function worstOutcome(results: readonly CheckResult[]): CheckOutcome {
  const outcomes = new Set(results.map((one) => one.outcome));
  for (const outcome of ['error', 'fail', 'waived', 'pass'] as const)
    if (outcomes.has(outcome)) return outcome;
  return 'skip';
}

/**
 * Whether results say the same as the exit code of their runner, where 0 means that nothing failed. A runner that failed
 * without a failed test broke off or could not do its work, whatever its results say. Pure.
 */
export function isExplained(
  exitCode: number | 'timeout',
  cases: readonly (TestCase | TestGroup | Pick<CheckReport, 'outcome'>)[],
): boolean {
  const outcomes = cases.map((one) => ('outcome' in one ? one.outcome : worstOutcome(one.results)));
  const hasFailed = outcomes.some((one) => one === 'fail' || one === 'error' || one === 'waived');
  return exitCode !== 'timeout' && (exitCode !== 0) === hasFailed;
}

/** Tests of one suite as check reports; ids are made unique, so that reports never drop one. */
export function reportsOf(type: string, cases: readonly (TestCase | TestGroup)[]): CheckReport[] {
  const used = new Set<string>();
  return cases.map((one) => {
    const words = slug(one.title);
    const results = 'results' in one ? one.results : [resultOf(one)];
    return {
      id: takeName(used, one.id ?? (words === '' ? type : `${type}.${words}`)),
      type,
      title: one.title,
      outcome: worstOutcome(results),
      results,
      attempts: 1,
      flaky: false,
      durationMs: one.durationMs ?? 0,
      ...(one.location && { location: one.location }),
      ...(one.hint !== undefined && { hint: one.hint }),
      ...(one.why !== undefined && { why: one.why }),
      ...(one.tags && one.tags.length > 0 && { tags: one.tags }),
      ...(one.waiver && { waiver: one.waiver }),
    };
  });
}

function resultOf(one: TestCase): CheckResult {
  return {
    property: 'test',
    outcome: one.outcome,
    expected: one.expected,
    observed: one.observed,
    ...(one.source !== undefined && { source: one.source }),
    ...(one.notes && one.notes.length > 0 && { notes: one.notes }),
  };
}
