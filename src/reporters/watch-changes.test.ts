import tap from 'tap';
import type { CheckOutcome } from '../core/check.ts';
import type { CheckReport } from '../core/events.ts';
import { checkKey, compareChecks } from './watch-changes.ts';

const report = (id: string, outcome: CheckOutcome, observed = outcome as string): CheckReport => ({
  id,
  type: 'port',
  title: id,
  outcome,
  attempts: 1,
  flaky: false,
  durationMs: 1,
  results: [{ property: 'value', outcome, expected: 'x', observed }],
});

const compare = (before: readonly CheckReport[] | undefined, after: readonly CheckReport[]) => {
  const known = before && new Map(before.map((one) => [checkKey(one), one]));
  const { broken, repaired, other, still } = compareChecks(known, after);
  const ids = (reports: readonly CheckReport[]) => reports.map((one) => one.id).join(' ');
  return { broken: ids(broken), repaired: ids(repaired), other: ids(other), still: ids(still) };
};

await tap.test('at the first run whatever passes is no news', async (t) => {
  t.same(
    compare(undefined, [report('a', 'pass'), report('b', 'fail'), report('c', 'error'), report('d', 'skip')]),
    {
      broken: 'b c',
      repaired: '',
      other: '',
      still: '',
    },
  );
});

await tap.test('later only what has another outcome is, or fails in another way', async (t) => {
  const before = [
    report('a', 'pass'),
    report('b', 'pass'),
    report('c', 'fail'),
    report('d', 'fail', 'refused'),
    report('e', 'fail', 'refused'),
    report('f', 'error'),
    report('g', 'pass'),
  ];
  const after = [
    report('a', 'pass', 'another value that passes'),
    report('b', 'fail'),
    report('c', 'pass'),
    report('d', 'fail', 'timeout'),
    report('e', 'fail', 'refused'),
    report('f', 'fail'),
    report('g', 'skip'),
    report('h', 'pass'),
  ];
  t.same(compare(before, after), { broken: 'b d f', repaired: 'c', other: 'g h', still: 'e' });
});
