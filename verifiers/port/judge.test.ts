import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import tap from 'tap';
import type { SocketFact } from '../../src/core/snapshot.ts';
import { judgePort, type PortFacts } from './judge.ts';
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
    { port: 80, reachable: { from: 'moon' } },
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
