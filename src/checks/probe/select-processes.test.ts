import tap from 'tap';
import { processFact } from '../../../test/process-fact.ts';
import type { ProcessFact } from '../../core/snapshot.ts';
import { describeSelector, processOf, processSelector } from './process-selector.ts';
import {
  describeProcesses,
  nothingSelected,
  runningNames,
  selectProcesses,
  selectZombies,
} from './select-processes.ts';

const process = (pid: number, ppid: number, comm: string, more: Partial<ProcessFact> = {}): ProcessFact =>
  processFact(pid, { ppid, comm, args: [`/usr/bin/${comm}`], startedAt: 1795000000, ...more });

const ALL = [
  process(1, 0, 'systemd', { unit: 'init.scope' }),
  process(10, 1, 'nginx', { unit: 'nginx.service', args: ['nginx: master process /usr/sbin/nginx'] }),
  process(11, 10, 'nginx', { unit: 'nginx.service', user: 'www-data', args: ['nginx: worker process'] }),
  process(12, 10, 'nginx', { unit: 'nginx.service', user: 'www-data', args: ['nginx: worker process'] }),
  process(13, 10, 'nginx', { unit: 'nginx.service', state: 'Z', args: [], exe: undefined }),
  process(20, 1, 'uwsgi', { unit: 'a.service', exe: '/usr/bin/uwsgi-core' }),
  process(21, 20, 'uwsgi', { unit: 'a.service' }),
  process(30, 1, 'uwsgi', { unit: 'b.service' }),
  process(40, 1, 'a-very-long-nam', {
    args: ['/opt/a-very-long-name-indeed'],
    exe: '/opt/a-very-long-name-indeed (deleted)',
  }),
];

const pids = (selector: unknown): number[] =>
  selectProcesses(ALL, processSelector.parse(selector)).map((one) => one.pid);

await tap.test('selects by name, user, unit, role, arguments and parent; zombies are apart', (t) => {
  t.same(pids('nginx'), [10, 11, 12]);
  t.same(pids({ name: 'nginx', role: 'worker' }), [11, 12]);
  t.same(pids({ name: 'nginx', role: 'master' }), [10]);
  t.same(
    pids({ name: 'nginx', user: 'www-data', role: 'worker' }),
    [11, 12],
    'workers of a master of another user',
  );
  t.same(pids({ name: 'uwsgi', unit: 'a' }), [20, 21]);
  t.same(pids({ name: 'uwsgi', role: 'master' }), [20], 'a process without workers is no master');
  t.same(pids({ unit: 'b.service' }), [30]);
  t.same(pids({ args: { contains: 'worker process' } }), [11, 12]);
  t.same(pids({ parent: 'uwsgi' }), [21]);
  t.same(pids('uwsgi-core'), [20], 'by program file');
  t.same(pids('a-very-long-name-indeed'), [40], 'longer than comm, program replaced on disk');
  t.same(pids('ngin'), []);
  t.same(
    selectZombies(ALL, { name: 'nginx', unit: 'nginx' }).map((one) => one.pid),
    [13],
  );
  t.end();
});

await tap.test('by the first word of a title, whatever runs it', (t) => {
  const titled = (pid: number, title: string, comm = 'ruby') =>
    process(pid, 1, comm, { args: [title], exe: `/usr/bin/${comm}3.1` });
  const all = [
    titled(50, 'puma 5.6.5 (tcp://127.0.0.1:80) [srv]'),
    titled(51, 'puma: cluster worker 0: 50 [srv]'),
    titled(52, 'unicorn worker[0] -c x'),
    titled(53, 'gunicorn: worker [app]', 'gunicorn: worke'),
    process(54, 1, 'sh', { args: ['/bin/sh', '-c', 'puma start'] }),
  ];
  const of = (name: string) => selectProcesses(all, { name }).map((one) => one.pid);
  t.same(of('puma'), [50, 51]);
  t.same(of('unicorn'), [52]);
  t.same(of('gunicorn'), [53]);
  t.same(of('pum'), []);
  t.match(nothingSelected(all, { name: 'start' }), [
    /its name is another, but its command line has it: pid 54 .*puma start; select it with args/,
    /^running/,
  ]);
  t.end();
});

await tap.test(
  'emperor, masters and workers: who was started by exec is no worker when it has children',
  (t) => {
    const one = (pid: number, ppid: number, stackStart: string | undefined, args: string[]) =>
      process(pid, ppid, pid === 60 ? 'uwsgi' : 'uwsgi-core', {
        exe: '/usr/bin/uwsgi-core',
        stackStart,
        args,
      });
    const tree = (known: boolean) => [
      one(60, 1, known ? '1' : undefined, ['uwsgi', '--emperor', '/v']),
      one(61, 60, known ? '2' : undefined, ['uwsgi-core', '--ini', 'a.ini']),
      one(62, 61, known ? '2' : undefined, ['uwsgi-core', '--ini', 'a.ini']),
      one(63, 60, known ? '3' : undefined, ['uwsgi-core', '--ini', 'b.ini']),
      one(64, 63, known ? '3' : undefined, ['uwsgi-core', '--ini', 'b.ini']),
      one(65, 64, known ? '3' : undefined, ['uwsgi-core', '--ini', 'b.ini']),
    ];
    for (const known of [true, false]) {
      const of = (role: 'master' | 'worker') =>
        selectProcesses(tree(known), { name: 'uwsgi', role }).map((found) => found.pid);
      t.same(of('master'), [61, 63]);
      t.same(of('worker'), [62, 64, 65], 'a worker that forks stays one');
      t.same(
        selectProcesses(
          tree(known),
          processSelector.parse({ name: 'uwsgi', role: 'worker', args: '/b\\.ini/' }),
        ).map((found) => found.pid),
        [64, 65],
      );
    }
    t.end();
  },
);

await tap.test('of: takes a name, a map with process, and refuses what selects nothing', (t) => {
  t.same(processOf.parse('uwsgi'), { name: 'uwsgi' });
  t.match(processOf.parse({ process: 'uwsgi', role: 'worker' }), { name: 'uwsgi', role: 'worker' });
  t.match(processOf.parse({ unit: 'app' }), { unit: 'app' });
  for (const bad of [{}, '', '/usr/bin/x', { role: 'boss', process: 'x' }, { process: 'x', nmae: 'y' }])
    t.notOk(processOf.safeParse(bad).success, JSON.stringify(bad));
  t.equal(
    describeSelector(processOf.parse({ process: 'uwsgi', role: 'worker', unit: 'a' })),
    'uwsgi workers of a',
  );
  t.end();
});

await tap.test('says what is near when nothing is selected', (t) => {
  t.equal(runningNames(ALL, 2), 'nginx ×4, uwsgi ×3 and 2 more');
  t.match(nothingSelected(ALL, { name: 'puma' }), [/^running: nginx ×4/]);
  t.match(nothingSelected(ALL, { name: 'uwsgi', unit: 'c' }), [
    /of that name, but not selected: pid 20 .*a\.service/,
  ]);
  t.end();
});

await tap.test('processes of one name, user and start are named together', async (t) => {
  const [first] = ALL;
  if (first === undefined) throw new Error('there is one');
  const one = (pid: number, startedAt: number) => ({ ...first, pid, comm: 'uwsgi', user: 'www', startedAt });
  t.equal(
    describeProcesses([one(7, 60), one(8, 60), one(9, 61)]),
    'pids 7, 8 (uwsgi, www, started 00:01:00.0 UTC), pid 9 (uwsgi, www, started 00:01:01.0 UTC)',
  );
  t.match(
    describeProcesses([1, 2, 3, 4, 5, 6, 7].map((pid) => one(pid, 0))),
    /^pids 1, 2, 3, 4, 5 .* and 2 more$/,
  );
});
