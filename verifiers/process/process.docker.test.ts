import tap from 'tap';
import { liveInstance, until } from '../../test/live-instance.ts';
import { processVerifier } from './index.ts';

const MASTER = `
import os, time
done, tell = os.pipe()
for _ in range(3):
    if os.fork() == 0:
        os.setuid(33)
        os.write(tell, b'x')
        time.sleep(1000)
for _ in range(3): os.read(done, 1)
ends = os.fork()
if ends == 0: os._exit(0)
os.waitid(os.P_PID, ends, os.WEXITED | os.WNOWAIT)
open('/run/ready', 'w').close()
time.sleep(1000)
`;

await tap.test('processes of a real tree', async (t) => {
  const machine = await liveInstance(t, 'process');
  await machine.write('/srv/app.conf', 'one\n');
  await machine.write('/srv/master.py', MASTER);
  await machine.sh('systemd-run -q --unit app python3 /srv/master.py');
  await until('the workers run', async () => (await machine.sh('ls /run')).includes('ready'));
  const check = (spec: object) => machine.check(processVerifier, spec);

  t.match(await check({ process: 'python3' }), [
    { property: 'running', outcome: 'pass', observed: /pid \d+ \(python3, root/ },
  ]);
  t.match(
    await check({
      process: { name: 'python3', role: 'worker' },
      count: 3,
      user: 'www-data',
      startedAfter: '/srv/app.conf',
    }),
    [
      { property: 'count', outcome: 'pass' },
      { property: 'user', outcome: 'pass' },
      { property: 'startedAfter', outcome: 'pass' },
    ],
  );
  t.match(await check({ process: { name: 'python3', role: 'master' }, count: 1, user: 'root' }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(
    await check({ process: { unit: 'app' }, workers: 3, masters: 1, count: 4, zombies: 1 }),
    [1, 2, 3, 4].map(() => ({ outcome: 'pass' })),
  );
  t.match(await check({ process: 'python3', user: 'www-data' }), [
    { outcome: 'fail', observed: /^3 of 4 so; pid \d+ \(python3, root, started [\d:.]+ UTC\): "root"/ },
  ]);
  t.match(await check({ process: { args: { contains: '/srv/master.py' } }, count: { gte: 4 } }), [
    { outcome: 'pass' },
  ]);
  t.match(await check({ process: 'python3', count: 7 }), [
    { outcome: 'fail', observed: '4', notes: [/parent 1$/, /pid/, /pid/, /pid/] },
  ]);
  t.match(await check({ process: 'puma' }), [
    { outcome: 'fail', observed: 'no process is puma', notes: [/^running: python3 ×5, /] },
  ]);
  t.match(await check({ process: 'puma', running: false }), [{ outcome: 'pass' }]);
  t.match(await check({ process: 'puma', count: 0 }), [{ outcome: 'pass' }]);
  t.match(await check({ process: 'python3', running: false }), [
    { outcome: 'fail', observed: /^4: pid \d+ .*\/srv\/master\.py/ },
  ]);
  t.match(await check({ process: 'python3', uptime: { lt: 3600 }, state: 'S' }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);

  await machine.sh('sleep 1; echo two > /srv/app.conf');
  t.match(await check({ process: { name: 'python3', role: 'worker' }, startedAfter: '/srv/app.conf' }), [
    {
      outcome: 'fail',
      observed: /^3 of 3 older: pids? \d+.*; \/srv\/app\.conf changed [\d:.]+ UTC$/,
      notes: [/not restarted since the change/],
    },
  ]);
  t.match(await check({ process: 'python3', startedAfter: '/srv/none.conf' }), [
    { outcome: 'error', observed: /does not exist/ },
  ]);
});
