import tap from 'tap';
import { liveInstance, unprivileged, until } from '../../test/live-instance.ts';
import { portVerifier } from './index.ts';

const SERVER = `
import os, socket, time
def listen(family, address, only=None):
    s = socket.socket(family)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if only is not None: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
    s.bind(address); s.listen(5); return s
keep = [listen(socket.AF_INET6, ('::', 8001), 0), listen(socket.AF_INET6, ('::', 8002), 1), listen(socket.AF_INET, ('127.0.0.1', 8003)),
        listen(socket.AF_UNIX, '/run/app.sock'), listen(socket.AF_INET, ('0.0.0.0', 8004))]
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(('0.0.0.0', 8005))
client = socket.create_connection(('127.0.0.1', 8003), source_address=('127.0.0.1', 8006))
done, tell = os.pipe()
if os.fork() == 0: os.setuid(33); os.write(tell, b'x')
elif os.read(done, 1): open('/run/ready0', 'w').close()
time.sleep(1000)
`;

await tap.test('what listens, who holds it, and from where it is reached', async (t) => {
  const machine = await liveInstance(t, 'port', {
    hostPorts: [8001, 8003, 8004, 8099],
    config: { cap_drop: ['SYS_PTRACE'] },
  });
  await machine.write('/srv/server.py', SERVER);
  await machine.sh('systemd-run -q --unit app python3 /srv/server.py');
  await until('the server listens', async () => (await machine.sh('ls /run')).includes('ready0'));
  const check = (spec: object) => machine.check(portVerifier, spec);
  const pass = async (spec: object, name: string) => t.match(await check(spec), [{ outcome: 'pass' }], name);
  const fail = async (spec: object, shape: object, name: string) =>
    t.match(await check(spec), [{ outcome: 'fail', ...shape }], name);

  await pass({ port: 8001 }, 'a dual-stack port listens');
  await pass({ port: 8001, family: { exactly: ['ipv4', 'ipv6'] } }, 'and serves both families');
  await pass({ port: 8001, address: '0.0.0.0' }, 'and all IPv4 addresses');
  await fail(
    { port: 8002, family: 'ipv4' },
    { observed: /"ipv6"/, notes: [/\[::\]:8002/] },
    'with IPV6_V6ONLY it does not',
  );
  await pass({ port: 8003, address: { exactly: ['127.0.0.1'] } }, 'an address');
  await pass({ port: 8005, protocol: 'udp' }, 'a UDP port');
  await fail({ port: 8005 }, { notes: [/udp 8005 is taken/, /listening: /] }, 'a UDP port is no TCP port');
  await pass({ port: '/run/app.sock' }, 'a unix socket');
  await fail({ port: '/run/other.sock' }, { notes: [/\/run\/app\.sock by python3/] }, 'another one');
  await fail(
    { port: 8006 },
    { observed: 'not listening' },
    'a local port of an outgoing connection does not listen',
  );
  await pass({ port: 8006, listening: false }, 'and so the negative holds');
  await fail(
    { port: 8004, listening: false },
    { observed: /listening on 0\.0\.0\.0:8004 by python3/ },
    'a negative that does not hold',
  );

  t.match(
    await check({
      port: 8004,
      owner: { name: 'python3', user: { exactly: ['root', 'www-data'] }, unit: 'app.service' },
    }),
    [
      { property: 'owner.name', outcome: 'pass', source: '/proc/PID/fd, via sidecar, perl' },
      { property: 'owner.user', outcome: 'pass' },
      { property: 'owner.unit', outcome: 'pass' },
    ],
  );
  await fail(
    { port: 8004, owner: { name: 'nginx' } },
    { property: 'owner.name', notes: [/held by pid \d+ \(python3, root, app\.service\)/, /www-data/] },
    'owner',
  );
  t.match(
    await machine.check(
      portVerifier,
      { port: 8004, owner: { user: { not: 'mysql' } } },
      unprivileged(machine.connection),
    ),
    [{ outcome: 'error', observed: /open files of \d+ processes could not be read/ }],
    'who else holds it cannot be said without the right',
  );

  t.match(await check({ port: 8004, reachable: true }), [
    { property: 'listening', outcome: 'pass' },
    { property: 'reachable', outcome: 'pass', observed: 'connected' },
  ]);
  t.match(await check({ port: 8003, listening: true, reachable: { from: 'host' } }), [
    { outcome: 'pass' },
    { property: 'reachable', outcome: 'fail', notes: [/loopback address only/] },
  ]);
  await pass({ port: 8099, reachable: false }, 'published, and nothing behind it');
  t.match(
    await check({ port: 8002, reachable: false }),
    [
      { property: 'listening', outcome: 'pass' },
      { property: 'reachable', outcome: 'error', observed: /not published/ },
    ],
    'not published is not "not reachable"',
  );
});
