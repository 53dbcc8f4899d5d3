import tap from 'tap';
import type { ProcessFact } from '../../core/snapshot.ts';
import { describeSelector, processOf, processSelector } from './process-selector.ts';
import { nothingSelected, runningNames, selectProcesses, selectZombies } from './select-processes.ts';

const process = (pid: number, ppid: number, comm: string, more: Partial<ProcessFact> = {}): ProcessFact => ({
  pid,
  ppid,
  comm,
  args: [`/usr/bin/${comm}`],
  exe: `/usr/bin/${comm}`,
  uid: 0,
  user: 'root',
  state: 'S',
  startedAt: 1795000000,
  unit: undefined,
  rssKb: 1,
  threads: 1,
  ...more,
});

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
