import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import tap from 'tap';
import type { SocketFact } from '../../src/core/snapshot.ts';
import type { Companion } from '../../src/core/surroundings.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { PortFacts } from './facts.ts';
import { portVerifier } from './index.ts';
import { judgePort } from './judge.ts';
import { reach } from './reach.ts';
import { portSpec } from './schema.ts';

const socket = (more: Partial<SocketFact>): SocketFact => ({
  protocol: 'tcp',
  family: 'ipv4',
  state: 'listen',
  localAddress: '0.0.0.0',
  localPort: 80,
  remoteAddress: '0.0.0.0',
  remotePort: 0,
  inode: 1,
  uid: 0,
  pids: [],
  ...more,
});
const judge = (raw: object, sockets: readonly SocketFact[], more: Partial<PortFacts> = {}) =>
  judgePort(portSpec.parse(raw), {
    sockets,
    processes: [],
    unreadableFds: [],
    reach: undefined,
    via: 'exec, perl',
    ...more,
  });
const six = socket({ family: 'ipv6', localAddress: '::', inode: 2 });

await tap.test('an IPv6 wildcard serves IPv4 unless the kernel or a second socket says otherwise', (t) => {
  const both = { port: 80, family: { exactly: ['ipv4', 'ipv6'] } };
  t.match(judge(both, [six]), [{ outcome: 'pass' }]);
  t.match(judge({ port: 80, family: 'ipv4' }, [{ ...six, v6only: true }]), [{ outcome: 'fail' }]);
  t.match(judge(both, [six, socket({})]), [{ outcome: 'pass' }]);
  t.match(judge({ port: 80, address: { exactly: ['::'] } }, [{ ...six, v6only: true }]), [
    { outcome: 'pass' },
  ]);
  t.match(judge({ port: 80, address: { exactly: ['::', '0.0.0.0'] } }, [six]), [{ outcome: 'pass' }]);
  t.end();
});

await tap.test('owner: none known is an error that says why', (t) => {
  const [result] = judge({ port: 80, owner: { name: 'nginx' } }, [socket({ pids: undefined })], {
    unreadableFds: [5],
  });
  t.match(result, { outcome: 'error', observed: /no right to read the open files of 1 processes/ });
  t.match(judge({ port: 80, owner: { name: 'nginx' } }, [socket({})]), [
    { outcome: 'error', observed: /no process on the instance holds/ },
  ]);
  t.end();
});

await tap.test('what does not listen is not also wrong in its address', (t) => {
  t.match(judge({ port: 81, address: '1.2.3.4', owner: { name: 'x' } }, [socket({})]), [
    { property: 'listening', outcome: 'fail', notes: [/0\.0\.0\.0:80/] },
  ]);
  t.end();
});

await tap.test('refuses contradictions', (t) => {
  const bad = [
    { port: 0 },
    { port: 70000 },
    { port: 'run/x' },
    { port: 80, listening: false, family: 'ipv4' },
    { port: '/x', family: 'ipv4' },
    { port: 80, protocol: 'udp', reachable: true },
    { port: 80, owner: {} },
    { port: 80, reachable: { from: '' } },
    { port: 80, reachable: { to: 'host' } },
    { port: 80, protocol: 'udp', backlog: 5 },
    { port: 80, listening: false, backlog: 5 },
  ];
  for (const raw of bad) t.notOk(portSpec.safeParse(raw).success, JSON.stringify(raw));
  t.end();
});

await tap.test('connects for real: connected, closed at once, refused', async (t) => {
  const { signal } = new AbortController();
  const open = new Set<Socket>();
  let mode: 'keep' | 'close' = 'keep';
  const server = createServer((client) => (mode === 'keep' ? open.add(client) : client.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const at = { host: '127.0.0.1', port: address.port };
  t.same(await reach(at, signal), { outcome: 'connected' });
  mode = 'close';
  t.same(await reach(at, signal), { outcome: 'closed' });
  for (const client of open) client.destroy();
  server.close();
  await once(server, 'close');
  t.same(await reach(at, signal), { outcome: 'refused' });
  await t.rejects(reach(at, AbortSignal.abort(new Error('stop'))), { message: 'stop' });
});

await tap.test('backlog: the fewest of all listeners, an error where the kernel does not tell', (t) => {
  const both = [socket({ backlog: 128 }), { ...six, backlog: 511 }];
  t.match(judge({ port: 80, backlog: 128 }, both), [{ property: 'backlog', outcome: 'pass' }]);
  t.match(judge({ port: 80, backlog: { gte: 511 } }, both), [{ outcome: 'fail', observed: '128' }]);
  t.match(judge({ port: 80, backlog: 128 }, [socket({ backlog: 128 }), six]), [{ outcome: 'error' }]);
  const unix = socket({ protocol: 'unix', localAddress: '/x', backlog: 5 });
  const file = { path: '/x', exists: true, type: 'socket', size: 0 } as const;
  t.match(judge({ port: '/x', backlog: 5 }, [unix], { file }), [{ outcome: 'pass' }]);
  t.end();
});

/** A shell on this machine, as the companion's. */
const local: Companion['execute'] = async (argv) => {
  const [program = '', ...args] = argv;
  const done = await promisify(execFile)(program, args);
  return { exitCode: 0, stdout: done.stdout, stderr: done.stderr, durationMs: 1, via: 'local' };
};
const around = (instance: string, port: number, execute = local) => ({
  instance,
  companions: new Map([['db', { address: { host: '127.0.0.1', port }, execute } as unknown as Companion]]),
});
const snapshot = { sockets: [], processes: [], unreadableFds: [], via: 'exec' };
const observe = (raw: object, given: object) =>
  portVerifier.observe(portSpec.parse(raw), {
    snapshot,
    signal: new AbortController().signal,
    connection: { execute: local },
    ...given,
  } as unknown as Probe);

await tap.test('from a companion and from the instance, with what is there to try with', async (t) => {
  const server = createServer((client) => client.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const from = (name: string, is?: boolean) => ({
    port,
    reachable: { from: name, ...(is !== undefined && { is }) },
  });
  const seen = await observe(from('db'), { around: around('127.0.0.1', port) });
  t.match(seen.reach, { outcome: 'connected' });
  t.match(judge(from('db'), [], { reach: seen.reach })[1], { outcome: 'pass', source: /from db$/ });
  t.match(judge(from('db', false), [], { reach: seen.reach }), [{ property: 'reachable', outcome: 'fail' }]);
  const named = await observe(from('db'), { around: around('no-such-host.invalid', port) });
  t.match(judge(from('db', false), [], { reach: named.reach }), [{ outcome: 'error' }], 'a name is no proof');
  server.close();
  await once(server, 'close');
  const gone = await observe(from('instance', false), {});
  t.match(gone.reach, { outcome: 'refused' });
  t.match(judge(from('instance', false), [], { reach: gone.reach }), [{ outcome: 'pass' }]);
  const silent: Companion['execute'] = async () => ({
    exitCode: 0,
    stdout: '["0.port","timeout",null,"3000",null,null]\n["end"]\n',
    stderr: '',
    durationMs: 1,
    via: '',
  });
  const mute = await observe(from('db', false), { around: around('x', port, silent) });
  t.match(mute.reach, { outcome: 'error', message: /does not even reach itself/ });
  await t.rejects(observe(from('nobody'), { around: around('x', port) }), /nobody was not started/);
  t.same(portVerifier.companions?.(portSpec.parse(from('db'))), ['db']);
  t.same(portVerifier.hostPorts?.(portSpec.parse(from('db'))), []);
});

await tap.test('the engine’s own name server is no evidence', async (t) => {
  const dns = [
    socket({ localAddress: '127.0.0.11', localPort: 37_001 }),
    socket({ localAddress: '127.0.0.11', localPort: 41_002, protocol: 'udp' }),
  ];
  t.match(judge({ port: 80 }, dns), [{ outcome: 'fail', notes: ['nothing listens on any tcp port'] }]);
  t.match(judge({ port: 80 }, [...dns, socket({ localPort: 81 })]), [
    { outcome: 'fail', notes: ['listening: 0.0.0.0:81'] },
  ]);
});

await tap.test('a unix socket whose file is gone takes no connections', async (t) => {
  const path = '/run/app.sock';
  const unix = socket({ protocol: 'unix', family: 'unix', localAddress: path, localPort: 0 });
  const file = { path, exists: true, type: 'socket', size: 0 } as const;
  t.match(judge({ port: path }, [unix], { file }), [{ outcome: 'pass' }]);
  t.match(judge({ port: path }, [unix], { file: { path, exists: false } }), [
    { outcome: 'fail', observed: /app\.sock is gone: nobody can connect/ },
  ]);
  t.match(judge({ port: path }, [unix], { file: { ...file, type: 'file' } }), [
    { outcome: 'fail', observed: /is a file now/ },
  ]);
  t.match(judge({ port: path, listening: false }, [unix], { file: { path, exists: false } }), [
    { outcome: 'fail' },
  ]);
  t.match(judge({ port: path }, [unix]), [{ outcome: 'error' }]);
  t.match(judge({ port: '/var/run/app.sock', listening: false }, [unix]), [{ outcome: 'fail' }]);
  t.match(judge({ port: '@app' }, [{ ...unix, localAddress: '@app' }]), [{ outcome: 'pass' }]);
});
