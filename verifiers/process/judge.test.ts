import tap from 'tap';
import type { ProcessFact } from '../../src/core/snapshot.ts';
import { processFact } from '../../test/process-fact.ts';
import { judgeProcess, type ProcessFacts } from './judge.ts';
import { processSpec } from './schema.ts';

const process = (pid: number, ppid: number, startedAt: number): ProcessFact =>
  processFact(pid, { ppid, args: ['/srv/app'], exe: '/srv/app', startedAt });
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

const details = (openFiles: number | undefined, soft = 1024) => ({
  cwd: '/srv',
  openFiles,
  oomScore: 5,
  limits: { 'open files': { soft, hard: Number.POSITIVE_INFINITY } },
});
const withDetails = (...files: readonly (number | undefined)[]): ProcessFacts => {
  const given = facts(files.map(() => 1000));
  return {
    ...given,
    processes: given.processes.map((one, at) => ({ ...one, details: details(files[at], 1024 * (at + 1)) })),
  };
};

await tap.test('what is told of each process passes and fails', (t) => {
  const rows: [object, object][] = [
    [{ exe: '/srv/app' }, { exe: '/bin/app' }],
    [{ cwd: '/srv' }, { cwd: '/' }],
    [{ threads: 1 }, { threads: { gt: 1 } }],
    [{ rss: { lt: 10 } }, { rss: 2 }],
    [{ openFiles: { lte: 9 } }, { openFiles: { lt: 9 } }],
    [{ oomScore: 5 }, { oomScore: 6 }],
    [{ limits: { nofile: { gte: 1024 } } }, { limits: { nofile: 1024 } }],
    [{ hardLimits: { nofile: { gte: 1e9 } } }, { hardLimits: { nofile: { lt: 1e9 } } }],
    [{ each: { threads: 1, user: 'root' } }, { each: { user: 'app' } }],
    [
      { any: { openFiles: 9, limits: { nofile: 2048 } } },
      { any: { openFiles: 9, limits: { nofile: 1024 } } },
    ],
    [{ none: { user: 'app' } }, { none: { openFiles: 3 } }],
  ];
  for (const [good, bad] of rows) {
    const outcomes = (given: object) => judge(given, withDetails(3, 9)).map((one) => one.outcome);
    t.same([...new Set(outcomes(good))], ['pass'], JSON.stringify(good));
    t.ok(outcomes(bad).includes('fail'), JSON.stringify(bad));
  }
  t.end();
});

await tap.test('what could not be read is an error, unless what is known decides', (t) => {
  const some = withDetails(3, undefined);
  t.match(judge({ openFiles: { lt: 9 } }, some), [{ outcome: 'error', observed: /SYS_PTRACE/ }]);
  t.match(judge({ openFiles: { gt: 9 } }, some), [{ outcome: 'fail' }]);
  t.match(judge({ any: { openFiles: 3 } }, some), [{ outcome: 'pass' }]);
  t.match(judge({ any: { openFiles: 4 } }, some), [{ outcome: 'error' }]);
  t.match(judge({ none: { openFiles: 3 } }, some), [{ outcome: 'fail' }]);
  t.match(judge({ none: { openFiles: 4 } }, some), [{ outcome: 'error' }]);
  t.match(judge({ none: { openFiles: 4, user: 'app' } }, some), [{ outcome: 'pass' }]);
  t.match(judge({ limits: { nproc: 1 } }, some), [
    { outcome: 'error', observed: /limits could not be read/ },
  ]);
  t.notOk(processSpec.safeParse({ process: 'app', any: {} }).success);
  t.notOk(processSpec.safeParse({ process: 'app', limits: { files: 1 } }).success);
  t.notOk(processSpec.safeParse({ process: 'app', running: false, any: { user: 'x' } }).success);
  t.end();
});

await tap.test('a part of a command line given as the whole is no proof that nothing runs', async (t) => {
  const one = { ...process(10, 1, 5), args: ['python3', '/srv/app.py', '--debug'] };
  const given = { ...facts([]), processes: [one] };
  const part = { process: { args: '--debug' } };
  for (const more of [{ running: false }, { count: 0 }])
    t.match(judge({ ...part, ...more }, given), [
      { outcome: 'error', observed: /pid 10.*--debug/, notes: [/args: \/text\//] },
    ]);
  t.match(judge({ ...part, user: 'root' }, given), [{ outcome: 'fail' }], 'not running fails as ever');
  const whole = { process: { args: '/^--debug$/' }, running: false };
  t.match(judge(whole, given), [{ outcome: 'pass' }]);
  t.match(judge({ process: { args: '--trace' }, running: false }, given), [{ outcome: 'pass' }]);
});

await tap.test('that nothing has a name is no proof where something runs by nearly that name', (t) => {
  const running = (comm: string, args: readonly string[]): ProcessFacts => ({
    ...facts([]),
    processes: [{ ...process(10, 1, 1), comm, args, exe: `/usr/bin/${comm}` }],
  });
  const rows: readonly [name: string, comm: string, args: readonly string[]][] = [
    ['app.py', 'python3', ['/usr/bin/python3', '-u', '/srv/app.py']],
    ['puma', 'ruby3.1', ['ruby3.1', '/usr/bin/puma']],
    ['nginx: worker', 'nginx', ['nginx: worker process']],
    ['Nginx', 'nginx', ['nginx']],
  ];
  for (const [name, ...given] of rows) {
    t.match(judge({ process: name, running: false }, running(...given)), [{ outcome: 'error' }], name);
    t.match(judge({ process: name, count: 0 }, running(...given)), [{ outcome: 'error' }], name);
    t.match(judge({ process: name }, running(...given)), [{ outcome: 'fail' }], name);
  }
  const others = running('tail', ['tail', '-f', '/var/log/app.py']);
  t.match(judge({ process: 'app.py', running: false }, others), [{ outcome: 'pass' }]);
  t.match(judge({ process: 'web', count: 0 }, others), [{ outcome: 'pass' }]);
  t.end();
});
