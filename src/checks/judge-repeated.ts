import type { CheckResult, Repeat } from '../core/check.ts';
import { showDuration } from './duration.ts';
import { percentile } from './repeat-all.ts';

/** One of many looks, judged. */
export interface JudgedLook {
  /** Counts from 1 in the order in which they were begun. */
  readonly n: number;
  readonly results: readonly CheckResult[];
  readonly durationMs: number;
}

/** The looks of `repeat` as one result: how many did not pass and how, the first of them, and the times. Pure. */
export function judgeRepeated(
  looks: readonly JudgedLook[],
  repeat: Pick<Repeat, 'concurrency' | 'maxFailures'> | undefined,
  via: string,
): CheckResult {
  const bad = looks.flatMap(({ n, results }) => {
    const worst = results.find((result) => result.outcome !== 'pass');
    return worst ? [{ n, results, worst }] : [];
  });
  const isUnsure = bad.some(({ results }) => results.some((result) => result.outcome === 'error'));
  const allowed = repeat?.maxFailures ?? 0;
  const times = looks.map((look) => look.durationMs);
  const groups = new Map<string, number>();
  for (const { worst } of bad) {
    const key = `${worst.property} ${worst.observed}`;
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const grouped = [...groups].toSorted((a, b) => b[1] - a[1]).slice(0, 5);
  const [first] = bad;
  const all = looks.length;
  return {
    property: 'repeat',
    outcome: isUnsure ? 'error' : bad.length > allowed ? 'fail' : 'pass',
    expected: allowed === 0 ? `${all} of ${all} pass` : `at most ${allowed} of ${all} fail`,
    observed:
      bad.length === 0
        ? `all ${all} pass`
        : `${bad.length} of ${all} fail: ${grouped.map(([key, count]) => `${count} × ${key}`).join(', ')}`,
    source: `${all} runs, ${repeat?.concurrency ?? 1} at a time, via ${via}`,
    notes: [
      ...(first
        ? [
            `first: run ${first.n}: ${first.worst.property} ${first.worst.observed}, expected ${first.worst.expected}`,
          ]
        : []),
      ...(first?.worst.notes ?? []),
      `p50 ${showDuration(percentile(times, 0.5))}, p95 ${showDuration(percentile(times, 0.95))}, max ${showDuration(percentile(times, 1))}`,
    ],
  };
}
