import tap from 'tap';
import type { ProcessFact, SocketFact } from '../../src/core/snapshot.ts';
import { processFact } from '../../test/process-fact.ts';
import { type ConnectionsFacts, judgeConnections } from './judge.ts';
import { connectionsSpec } from './schema.ts';
import { parseTarget } from './target.ts';

const worker = (pid: number, ppid = 70): ProcessFact =>
  processFact(pid, { ppid, comm: 'uwsgi', exe: undefined, uid: 33, user: 'www-data' });
const connection = (inode: number, pids: readonly number[], more: Partial<SocketFact> = {}): SocketFact => ({
  protocol: 'tcp',
  family: 'ipv4',
  state: 'established',
  tcpState: 'established',
  localAddress: '10.0.0.1',
  localPort: 40000 + inode,
  remoteAddress: '10.0.0.2',
  remotePort: 5432,
  inode,
  uid: 33,
  pids,
  ...more,
});
const judge = (raw: object, sockets: readonly SocketFact[], more: Partial<ConnectionsFacts> = {}) =>
  judgeConnections(connectionsSpec.parse({ connections: { of: 'uwsgi' }, ...raw }), {
    processes: [worker(70, 1), worker(71), worker(72)],
    sockets,
    unreadableFds: [],
    addresses: undefined,
    via: 'exec, perl',
    ...more,
  });

await tap.test('finds the target by port, address, resolved name and IPv4-mapped address', (t) => {
  const sockets = [
    connection(1, [71]),
    connection(2, [72], { remoteAddress: '::ffff:10.0.0.2', family: 'ipv6' }),
    connection(3, [72], { remoteAddress: '10.9.9.9' }),
  ];
  t.match(judge({ to: 5432, count: 3 }, sockets), [{ outcome: 'pass' }]);
  t.match(judge({ to: '10.0.0.2:5432', count: 2 }, sockets), [{ outcome: 'pass' }]);
  t.match(judge({ to: 'db:5432', count: 2 }, sockets, { addresses: ['10.0.0.2'] }), [{ outcome: 'pass' }]);
  t.match(judge({ to: 'db:5432', count: 2 }, sockets, { addresses: [] }), [
    { outcome: 'error', observed: /cannot resolve db/ },
  ]);
  t.match(judge({ count: 3 }, [...sockets, connection(9, [71], { state: 'listen', remotePort: 0 })]), [
    { outcome: 'pass' },
  ]);
  t.end();
});

await tap.test('a shared one fails even when others could not be read; none found is then an error', (t) => {
  t.match(judge({ to: 5432 }, [connection(1, [71, 72], { fds: [5, 6] })], { unreadableFds: [70] }), [
    {
      outcome: 'fail',
      notes: [
        /^pids 71 \(worker, fd 5\), 72 \(worker, fd 6\) share socket inode 1 /,
        /opened before they were forked/,
        /^uWSGI: lazy-apps/,
      ],
    },
  ]);
  t.match(judge({ to: 5432 }, [connection(1, [71])], { unreadableFds: [70] }), [
    { outcome: 'error', observed: /pids 70/ },
  ]);
  t.match(
    judge({ to: 5432 }, [connection(1, [71, 99])]),
    [{ outcome: 'pass' }],
    'held together with a process that is not selected',
  );
  t.match(judge({ to: 5432, sharedBetweenProcesses: { lte: 1 } }, [connection(1, [71, 72])]), [
    { outcome: 'pass', observed: '1' },
  ]);
  t.end();
});

await tap.test('connections to a unix socket; whether any is shared, as a truth', (t) => {
  const unix = (inode: number, pids: readonly number[], more: Partial<SocketFact> = {}) =>
    connection(inode, pids, {
      protocol: 'unix',
      localAddress: '',
      localPort: 0,
      remoteAddress: '',
      remotePort: 0,
      ...more,
    });
  const sockets = [
    unix(1, [70, 71], { peerPath: '/run/db.sock' }),
    unix(2, [70, 71]),
    connection(3, [71, 72]),
  ];
  t.match(judge({ to: '/var/run/db.sock', sharedBetweenProcesses: false }, sockets), [
    {
      outcome: 'fail',
      observed: '1',
      notes: [/^pids 70 \(master\), 71 \(worker\) share socket inode 1 \(→ \/run\/db\.sock, established\)/],
    },
  ]);
  t.match(judge({ to: '/run/other.sock' }, sockets), [
    { outcome: 'error', observed: /no connection to \/run\/other/, notes: [/after a request.*count: 0/] },
  ]);
  t.match(judge({ to: '/run/other.sock', count: 0, sharedBetweenProcesses: 0 }, sockets), [
    { outcome: 'pass' },
    { outcome: 'pass', observed: /no connection to \/run\/other/ },
  ]);
  t.match(judge({ to: '/run/db.sock', count: 2 }, sockets), [
    { outcome: 'fail', notes: ['open: /run/db.sock established ×1'] },
  ]);
  t.match(judge({ sharedBetweenProcesses: true }, sockets), [{ outcome: 'pass', observed: '1' }]);
  t.match(judge({ to: '10.0.0.9:1', sharedBetweenProcesses: true }, sockets), [
    { outcome: 'fail', observed: '0' },
  ]);
  t.end();
});

await tap.test('reads targets', (t) => {
  t.same(parseTarget('5432'), { host: undefined, port: 5432 });
  t.same(parseTarget('db.example:5432'), { host: 'db.example', port: 5432 });
  t.same(parseTarget('[::1]:5432'), { host: '::1', port: 5432 });
  t.same(parseTarget('/run/x')?.path, '/run/x');
  for (const bad of ['db', '0', '99999', 'a:b:1', '/', '']) t.equal(parseTarget(bad), undefined, bad);
  t.end();
});
