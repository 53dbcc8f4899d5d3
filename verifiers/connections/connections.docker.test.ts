import tap from 'tap';
import { liveInstance, unprivileged, until } from '../../test/live-instance.ts';
import { connectionsVerifier } from './index.ts';

const DATABASE = `
import socket, threading
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', 5432)); s.listen(50)
keep = []
open('/run/db-ready', 'w').close()
while True: keep.append(s.accept())
`;
/** Like a web server that opens its pool before (`shared`) or after forking its workers. */
const APP = `
import os, socket, sys, time
shared = sys.argv[1] == 'shared'
done, tell = os.pipe()
if shared: c = socket.create_connection(('127.0.0.1', 5432))
for n in range(3):
    if os.fork() == 0:
        if not shared: c = socket.create_connection(('127.0.0.1', 5432))
        os.setuid(33)
        os.write(tell, b'x')
        time.sleep(1000)
for n in range(3): os.read(done, 1)
open('/run/' + sys.argv[1] + '-ready', 'w').close()
time.sleep(1000)
`;

const of = (unit: string) => ({ connections: { of: { process: 'python3', unit } } });

await tap.test('connections opened before and after fork', async (t) => {
  const machine = await liveInstance(t, 'connections', { config: { cap_drop: ['SYS_PTRACE'] } });
  await machine.write('/srv/database.py', DATABASE);
  await machine.write('/srv/app.py', APP);
  await machine.sh(
    'echo "127.0.0.1 db" >> /etc/hosts; systemd-run -q --unit database python3 /srv/database.py',
  );
  const ready = (name: string) =>
    until(name, async () => (await machine.sh('ls /run')).includes(`${name}-ready`));
  await ready('db');
  await machine.sh(
    'systemd-run -q --unit early python3 /srv/app.py shared; systemd-run -q --unit late python3 /srv/app.py own',
  );
  await ready('shared');
  await ready('own');
  const check = (spec: object) => machine.check(connectionsVerifier, spec);

  const [shared] = await check({ ...of('early'), to: 'db:5432', sharedBetweenProcesses: 0 });
  t.match(shared, {
    property: 'sharedBetweenProcesses',
    outcome: 'fail',
    expected: '0',
    observed: /^1/,
    source: /4 processes, via sidecar, perl/,
  });
  t.match(
    shared?.notes?.[0],
    /^pids \d+ \(master, fd \d+\), \d+ \(worker, fd \d+\), \d+ \(worker, fd \d+\), \d+ \(worker, fd \d+\) share socket inode \d+ \(127\.0\.0\.1:\d+ → 127\.0\.0\.1:5432, established\)$/,
  );
  t.match(
    shared?.notes?.join('\n'),
    /had it open when it forked the others; used at once.*\nopen it after fork: uWSGI lazy-apps/,
  );
  t.match(await check({ ...of('late'), to: 'db:5432' }), [
    { property: 'sharedBetweenProcesses', outcome: 'pass', observed: '0 (3 open, each held by one process)' },
  ]);
  t.match(await check({ ...of('late'), to: 5432, count: 3, state: { each: 'established' } }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(await check({ ...of('late'), to: 5433, count: 0, sharedBetweenProcesses: 0 }), [
    { outcome: 'pass' },
    { outcome: 'pass', observed: '0 (no connection to 5433 is open now)' },
  ]);
  t.match(await check({ ...of('late'), to: 5433, count: 1 }), [
    { outcome: 'fail', observed: '0', notes: [/no connection to 5433 is open/] },
  ]);
  t.match(await check({ ...of('late'), to: 'nowhere.invalid:5432' }), [
    { outcome: 'error', observed: /cannot resolve nowhere\.invalid/ },
  ]);
  t.match(await check({ connections: { of: 'unicorn' } }), [{ property: 'of', outcome: 'fail' }]);

  const plain = unprivileged(machine.connection);
  t.match(
    await machine.check(connectionsVerifier, { ...of('late'), to: 'db:5432' }, plain),
    [{ outcome: 'error', observed: /no right to read the open files of pids .*CAP_SYS_PTRACE/ }],
    'what could not be read is not "not shared"',
  );

  await machine.sh('systemctl stop database; sleep 0.3');
  const [closed] = await check({ ...of('early'), to: 'db:5432' });
  t.match(closed, { outcome: 'fail', notes: [/close-wait/] }, 'a shared connection counts in any state');
});
