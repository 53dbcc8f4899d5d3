import tap from 'tap';
import { processFact } from '../../../test/process-fact.ts';
import type { ProcessFact, Snapshot } from '../../core/snapshot.ts';
import { chosenProcesses } from './chosen-processes.ts';
import { type ProcessSelector, processSelector } from './process-selector.ts';
import { selectProcesses } from './select-processes.ts';

const process = (pid: number, ppid: number, more: Partial<ProcessFact> = {}): ProcessFact =>
  processFact(pid, { ppid, args: ['/srv/app'], exe: '/srv/app', ...more });
const listener = { protocol: 'tcp', state: 'listen', localPort: 80, localAddress: '0.0.0.0', pids: [10, 11] };
const SNAPSHOT = {
  processes: [process(10, 1), process(11, 10), process(12, 1, { exe: '/srv/app (deleted)' }), process(13, 1)],
  sockets: [listener, { ...listener, localPort: 81, pids: undefined }],
  files: [
    { path: '/run/a.pid', exists: true, content: '12\n' },
    { path: '/run/b.pid', exists: true, content: 'x' },
    { path: '/run/c.pid', exists: false },
    { path: '/run/d.pid', exists: true, error: 'Permission denied' },
  ],
} as unknown as Snapshot;

const pids = (raw: object, snapshot = SNAPSHOT): number[] => {
  const selector: ProcessSelector = processSelector.parse(raw);
  return selectProcesses(chosenProcesses(selector, snapshot), selector).map(({ pid }) => pid);
};

await tap.test('processes are chosen by what they listen on, by pid file and by program', (t) => {
  t.same(pids({ port: 80 }), [10, 11]);
  t.same(pids({ port: 80, role: 'worker' }), [11]);
  t.same(pids({ port: 82 }), []);
  t.same(pids({ pidfile: '/run/a.pid' }), [12]);
  t.same(pids({ pidfile: '/run/a.pid', port: 80 }), []);
  t.same(pids({ pidfile: '/run/c.pid' }), []);
  t.same(pids({ exe: '/srv/app', name: 'app' }), [10, 11, 12, 13]);
  t.same(pids({ exe: { endsWith: 'nope' } }), []);
  t.end();
});

await tap.test('what cannot be read is an error, not "none"', (t) => {
  t.throws(() => pids({ port: 81 }), /who listens on 81/);
  t.throws(() => pids({ port: 80 }, { ...SNAPSHOT, unreadableFds: [13] }), /CAP_SYS_PTRACE/);
  t.throws(() => pids({ pidfile: '/run/b.pid' }), /no process number/);
  t.throws(() => pids({ pidfile: '/run/d.pid' }), /Permission denied/);
  const hidden = [process(20, 1, { exe: undefined }), process(2, 0, { exe: undefined, args: [] })];
  t.throws(() => pids({ exe: '/srv/app' }, { ...SNAPSHOT, processes: hidden }), /pid 20/);
  t.end();
});
