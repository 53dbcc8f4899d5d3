import tap from 'tap';
import type { ProcessFact } from '../../src/core/snapshot.ts';
import { judgeProcess, type ProcessFacts } from './judge.ts';
import { processSpec } from './schema.ts';

const process = (pid: number, ppid: number, startedAt: number): ProcessFact => ({
  pid,
  ppid,
  comm: 'app',
  args: ['/srv/app'],
  exe: '/srv/app',
  uid: 0,
  user: 'root',
  state: 'S',
  startedAt,
  unit: undefined,
  rssKb: 1,
  threads: 1,
});
const facts = (starts: readonly number[], mtime?: number): ProcessFacts => ({
  processes: starts.map((start, index) => process(10 + index, index === 0 ? 1 : 10, start)),
  file: mtime === undefined ? undefined : { path: '/etc/app', exists: true, mtime },
  takenAt: 2000,
  via: 'exec, perl',
});
const judge = (raw: object, given: ProcessFacts) =>
  judgeProcess(processSpec.parse({ process: 'app', ...raw }), given);

await tap.test('startedAfter compares within the same second, and explains a reloaded master', (t) => {
  t.match(judge({ startedAfter: '/etc/app' }, facts([1000.5], 1000.2)), [{ outcome: 'pass' }]);
  t.match(judge({ startedAfter: '/etc/app' }, facts([1000.2], 1000.5)), [
    { outcome: 'fail', notes: [/not restarted since/] },
  ]);
  t.match(judge({ startedAfter: '/etc/app' }, facts([900, 1001, 1002], 1000)), [
    { outcome: 'fail', observed: /^1 of 3 older/, notes: [/select role: worker/] },
  ]);
  t.match(judge({ startedAfter: '/etc/app' }, facts([1000])), [{ outcome: 'error' }]);
  t.end();
});

await tap.test(
  'counts are judged also when nothing runs; anything about each process then fails as not running',
  (t) => {
    t.match(judge({ count: 0 }, facts([])), [{ property: 'count', outcome: 'pass' }]);
    t.match(judge({ count: { gte: 1 } }, facts([])), [{ property: 'count', outcome: 'fail' }]);
    t.match(judge({ user: 'root' }, facts([])), [{ property: 'running', outcome: 'fail' }]);
    t.match(judge({ running: true, count: 1 }, facts([1])), [{ property: 'running' }, { property: 'count' }]);
    t.match(judge({ uptime: { between: [999, 1001] } }, facts([1000])), [{ outcome: 'pass' }]);
    t.end();
  },
);

await tap.test('refuses contradictions', (t) => {
  t.notOk(processSpec.safeParse({ process: 'app', running: false, count: 1 }).success);
  t.notOk(processSpec.safeParse({ process: {} }).success);
  t.notOk(processSpec.safeParse({ process: 'app', user: [] }).success);
  t.end();
});
