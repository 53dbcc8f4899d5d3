import tap from 'tap';
import { reportOf, sampleRun } from '../../../test/sample-run.ts';
import { casesOf } from './cases.ts';
import { compareRuns } from './compare.ts';
import { verdict } from './counts.ts';
import { mergeReports } from './merge.ts';
import { snapshotOf } from './snapshot.ts';

await tap.test('what is known of a run that was killed is a report, and none of it is green', async (t) => {
  // Killed in the first converge.
  const report = reportOf(sampleRun().filter(([at]) => at <= 1300));
  t.equal(report.exitCode, undefined);
  t.same(
    report.instances.map((one) => one.outcome),
    ['unfinished', 'unfinished', 'unfinished', 'unfinished'],
  );
  t.match(report.instances[0]?.phases.at(-1), { name: 'converge', outcome: 'unfinished', durationMs: 300 });
  const cases = report.instances.flatMap((one) => casesOf(one));
  t.equal(cases.filter((one) => one.outcome === 'error').length, 4, 'one of each instance');
  t.match(verdict(report), /none of 4 instances passed: 4 not ended/);
});

await tap.test('shards become one run on one clock; of an instance in both the last counts', async (t) => {
  const early = reportOf(sampleRun(), 'A');
  const late = { ...early, runId: 'B', started: '2026-11-21T05:01:00.000Z', exitCode: 0 };
  const only = early.instances.filter((one) => one.name === 'web-debian-11');
  const merged = mergeReports([{ ...late, instances: only }, early]);
  t.match(merged, { runId: 'A+B', exitCode: 4, durationMs: 64_710, concurrency: 4 });
  t.equal(merged.instances.length, 4);
  t.equal(merged.instances.find((one) => one.name === 'web-debian-11')?.startMs, 62_005);
  t.match(merged.notices[0]?.message, /web-debian-11 is in several/);
});

await tap.test('two runs are compared by the instances that are in both', async (t) => {
  const before = snapshotOf(reportOf(sampleRun()));
  const [red, broken, green] = before.instances;
  if (!red || !broken || !green) throw new Error('the sample has changed');
  const checks = red.checks
    .filter((one) => one.id !== 'f')
    .map((one) => (one.id === 'a' ? { ...one, outcome: 'pass' as const } : one))
    .map((one) => (one.id === 'c' ? { ...one, outcome: 'fail' as const } : one));
  const phases = green.phases.map((one) => (one.name === 'converge' ? { ...one, durationMs: 9000 } : one));
  const mended = broken.phases.map((one) => ({ ...one, outcome: 'passed' as const }));
  const extra = { id: 'n', title: 'new', outcome: 'pass' as const, flaky: false, durationMs: 1 };
  const after = {
    ...before,
    runId: 'S',
    instances: [
      { ...red, checks: [...checks, extra] },
      { ...broken, phases: mended },
      { ...green, phases },
      { ...green, name: 'another' },
    ],
  };
  const { broken: worse, fixed, added, gone, slower } = compareRuns(before, after);
  t.match(worse, [{ instance: 'web-debian-12', what: 'http GET /c is 200', before: 'pass', after: 'fail' }]);
  t.match(fixed, [
    { instance: 'web-debian-12', what: 'http GET /a is 200' },
    { instance: 'db-debian-12', what: 'converge', before: 'failed', after: 'passed' },
  ]);
  t.match(added, [{ what: 'new', before: '–' }]);
  t.match(gone, [{ what: 'http GET / is 200', after: '–' }]);
  t.match(slower, [{ instance: 'web-debian-11', phase: 'converge', beforeMs: 1000, afterMs: 9000 }]);
  t.equal(worse.length + fixed.length + added.length + gone.length + slower.length, 6);
});

await tap.test('checks that were not reached are neither gone nor new', async (t) => {
  const all = snapshotOf(reportOf(sampleRun()));
  const none = { ...all, instances: all.instances.map((one) => ({ ...one, checks: [] })) };
  t.same(compareRuns(all, none).gone, []);
  t.same(compareRuns(none, all).added, []);
  t.equal(compareRuns(none, all).broken.length, 2, 'but what fails is told');
});
