import tap from 'tap';
import { check, HOSTILE, oneInstance, reportOf, sampleRun } from '../../../test/sample-run.ts';
import { compareRuns } from '../model/compare.ts';
import { snapshotOf } from '../model/snapshot.ts';
import { renderJson } from './json.ts';
import { JsonReport } from './json-schema.ts';

await tap.test('what is written is what the schema says', async (t) => {
  const report = reportOf(sampleRun());
  const now = snapshotOf(report);
  const text = renderJson(report, compareRuns({ ...now, runId: 'Q' }, now));
  const read = JsonReport.parse(JSON.parse(text));
  t.match(read, {
    format: 'galley-report',
    version: 1,
    run: { id: 'R', command: 'test', exitCode: 4, durationMs: 4710 },
    counts: {
      instances: { passed: 1, failed: 2, cancelled: 1, unfinished: 0 },
      checks: { pass: 4, fail: 1, error: 1, skip: 1, waived: 1, flaky: 1, total: 8 },
    },
    comparison: { previous: 'Q', broken: [], fixed: [] },
  });
  t.match(read.instances[2]?.waits, [
    { what: 'a free slot', holder: 'db-debian-12', durationMs: 2005 },
    { what: 'image debian:11', holder: 'web-debian-12', startMs: 2050 },
  ]);
});

await tap.test('hostile texts stay texts', async (t) => {
  const checks = HOSTILE.map((title, i) => check({ id: `c${i}`, title, outcome: 'fail' }));
  const text = renderJson(reportOf(oneInstance(checks, HOSTILE)));
  const read = JsonReport.parse(JSON.parse(text));
  t.equal(read.instances[0]?.checks.length, HOSTILE.length);
  t.notMatch(text, /\u202e|\\u0000|\\u001b/);
});
