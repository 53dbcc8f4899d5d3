import type { CheckOutcome } from '../../core/check.ts';
import { notPassed } from '../../core/not-passed.ts';
import { plural } from '../../core/plural.ts';
import type { Case } from './cases.ts';
import type { RunReport } from './run-report.ts';

export type Counts = { readonly [outcome in CheckOutcome]: number } & {
  readonly total: number;
  readonly flaky: number;
};

export function countCases(cases: readonly Case[]): Counts {
  const counts = { pass: 0, fail: 0, error: 0, skip: 0, waived: 0, flaky: 0, total: cases.length };
  for (const one of cases) {
    counts[one.outcome] += 1;
    if (one.flaky) counts.flaky += 1;
  }
  return counts;
}

/** `3 of 4 instances passed, 1 failed: 2 checks failed, 1 could not look (12.3s)`; without the time. */
export function verdict(report: RunReport): string {
  const { instances } = report;
  const passed = instances.filter((i) => i.outcome === 'passed').length;
  const all = plural(instances.length, 'instance');
  if (instances.length === 0) return 'no instance was run';
  if (passed === instances.length) return `${all} passed`;
  const checks = instances.flatMap((i) => i.checks);
  const parts = [
    [checks.filter((c) => c.outcome === 'fail').length, 'failed'] as const,
    [checks.filter((c) => c.outcome === 'error').length, 'could not look'] as const,
  ]
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${plural(count, 'check')} ${word}`);
  const cancelled = instances.filter((i) => i.outcome === 'cancelled').length;
  const unfinished = instances.filter((i) => i.outcome === 'unfinished').length;
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  if (unfinished > 0) parts.push(`${unfinished} not ended`);
  return `${notPassed('instance', instances.length - passed, instances.length)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}
