import tap from 'tap';
import { chooseLogs, loggedRuns, runsAbout, summaryLines, summaryOf } from './run-logs.ts';

const RUNS = [
  { id: '20261121-120000-aaaa', instances: ['web'] },
  { id: '20261121-110000-bbbb', instances: ['db', 'web'] },
  { id: '20261120-110000-cccc', instances: ['db', 'web'] },
];

await tap.test('each instance is shown from the newest run that has it', async (t) => {
  t.same(chooseLogs(RUNS, { instances: ['web', 'db', 'never-run'] }), [
    { run: '20261121-120000-aaaa', instance: 'web' },
    { run: '20261121-110000-bbbb', instance: 'db' },
  ]);
});

await tap.test('the beginning of a run id is enough', async (t) => {
  t.same(chooseLogs(RUNS, { run: '20261120', instances: ['web'] }), [
    { run: '20261120-110000-cccc', instance: 'web' },
  ]);
  t.throws(() => chooseLogs(RUNS, { run: '2025', instances: ['web'] }), { code: 'usage.no_such_run' });
  t.throws(() => chooseLogs(RUNS, { instances: ['new'] }), { code: 'usage.no_log' });
  t.throws(() => chooseLogs([], { instances: [] }), { message: 'no run has been logged yet' });
});

await tap.test('a run that was killed has not ended, also with its last line cut off', async (t) => {
  const start = '{"type":"run:start","command":"test","time":"2026-11-21T12:00:00.000Z"}';
  const dir = t.testdir({
    '20261121-120000-aaaa': { 'events.ndjson': `${start}\n{"type":"outp`, 'web-debian-12.log': '' },
    '20261121-110000-bbbb': {
      'events.ndjson': `${start}\n{"type":"run:end","exitCode":4,"durationMs":1234.5}\n`,
    },
  });
  const [newest, older] = await loggedRuns(dir);
  t.same(newest, { id: '20261121-120000-aaaa', instances: ['web-debian-12'] });
  t.match(newest && (await summaryOf(dir, newest)), { command: 'test', exitCode: null, durationMs: null });
  t.match(older && (await summaryOf(dir, older)), { exitCode: 4, durationMs: 1235 });
});

await tap.test('a list of runs: those of an id and of instances, with how each ended', async (t) => {
  t.same(runsAbout(RUNS, undefined, undefined), RUNS);
  t.same(runsAbout(RUNS, '20261121', ['db']), [RUNS[1]]);
  t.same(runsAbout(RUNS, undefined, []), []);
  const ended = { command: 'test', started: null, exitCode: 4, durationMs: 1234 };
  const killed = { command: null, started: null, exitCode: null, durationMs: null };
  const lines = summaryLines([
    { id: 'a', instances: ['db', 'web'], ...ended },
    { id: 'b', instances: ['web'], ...killed },
  ]);
  t.match(lines[0], /^Run +Command +Result +Time +Instances$/);
  t.match(lines[1], /^a +test +exit 4 +1\.2 s +db web$/);
  t.match(lines[2], /^b +\? +not ended +web$/);
  t.same(summaryLines([]), ['no run has been logged yet']);
});
