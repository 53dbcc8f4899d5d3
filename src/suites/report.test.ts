import tap from 'tap';
import { isExplained } from './report.ts';

await tap.test('results explain an exit code when they say the same', async (t) => {
  const one = (outcome: 'pass' | 'fail' | 'error' | 'skip') => ({
    title: 'a',
    outcome,
    expected: 'x',
    observed: 'y',
  });
  t.ok(isExplained(0, [one('pass'), one('skip')]));
  t.ok(isExplained(1, [one('pass'), one('fail')]));
  t.ok(isExplained(100, [{ title: 'g', results: [{ property: 'p', ...one('error') }] }]));
  t.notOk(isExplained(1, [one('pass')]), 'all passed, and yet it failed');
  t.notOk(isExplained(0, [one('fail')]));
  t.notOk(isExplained('timeout', [one('pass')]));
});
