import tap from 'tap';
import { takeSnapshot } from '../../src/checks/probe/take-snapshot.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { liveInstance, until } from '../../test/live-instance.ts';
import { serviceVerifier } from './index.ts';

await tap.test('services of a real systemd', async (t) => {
  const machine = await liveInstance(t, 'service');
  const check = (spec: object): Promise<readonly CheckResult[]> => machine.check(serviceVerifier, spec);
  await machine.write(
    '/etc/systemd/system/broken.service',
    '[Service]\nExecStart=/bin/false\nRestart=always\nRestartSec=0\n[Unit]\nStartLimitBurst=3\n',
  );
  await machine.write('/etc/systemd/system/failing.service', '[Service]\nExecStart=/bin/false\n');
  await machine.sh('systemctl daemon-reload; systemctl start broken failing || true');
  for (const unit of ['broken', 'failing'])
    await until('systemd gave up', async () =>
      (await machine.sh(`systemctl show -p Result,ActiveState ${unit}`)).includes('failed'),
    );

  t.match(await check({ service: 'cron' }), [
    { property: 'active', outcome: 'pass', observed: 'active (running)', source: /^systemd, via exec/ },
  ]);
  t.match(
    await check({
      service: 'cron.service',
      enabled: true,
      sub: 'running',
      restarts: 0,
      mainPid: { alive: true },
      needsReload: false,
    }),
    [
      { property: 'enabled', outcome: 'pass' },
      { property: 'sub', outcome: 'pass' },
      { property: 'restarts', outcome: 'pass' },
      { property: 'needsReload', outcome: 'pass' },
      { property: 'mainPid.alive', outcome: 'pass', observed: /pid \d+ \(cron\)/ },
    ],
  );
  t.match(
    await check({ service: 'crom' }),
    [{ outcome: 'error', observed: 'systemd: no unit crom' }],
    'a typo is no pass',
  );
  t.match(
    await check({ service: 'crom', active: false }),
    [{ outcome: 'error' }],
    'nor for a negative check',
  );
  t.match(await check({ service: 'crom', exists: false }), [{ outcome: 'pass' }]);
  t.match(await check({ service: 'cron', exists: false }), [
    { outcome: 'fail', observed: 'active (running)' },
  ]);
  t.match(await check({ service: 'cron', active: false }), [
    { outcome: 'fail', observed: 'active (running)' },
  ]);
  t.match(
    await check({ service: 'broken' }),
    [
      {
        outcome: 'fail',
        observed: /^failed \(failed\), result /,
        notes: [/restarted it 3 times|gave up/, /./, /journalctl -u broken/],
      },
    ].map(({ notes: _notes, ...rest }) => rest),
  );
  t.match(await check({ service: 'failing', result: 'success' }), [
    { outcome: 'fail', observed: '"exit-code"', notes: [/journalctl -u failing/] },
  ]);
  await machine.sh('echo "# changed" >> /lib/systemd/system/cron.service');
  t.match(await check({ service: 'cron', needsReload: false }), [
    { property: 'active', outcome: 'pass' },
    { property: 'needsReload', outcome: 'fail', notes: [/daemon-reload/] },
  ]);

  // Of a process that is gone before journald looks at it, an entry lacks the id of the run.
  await machine.write(
    '/etc/systemd/system/hasty.service',
    '[Service]\nExecStart=/bin/sh -c "echo \'<3>no config\' >&2; exit 3"\n',
  );
  await machine.sh(`systemctl daemon-reload; journald=$(systemctl show -p MainPID --value systemd-journald)
    kill -STOP $journald; systemctl start hasty
    for i in $(seq 1000); do systemctl is-failed -q hasty && break; sleep 0.1; done; kill -CONT $journald`);
  await until('the journal has it', async () =>
    (await machine.sh('journalctl -u hasty -o cat')).includes('no config'),
  );
  const written = await machine.sh(
    'journalctl -u hasty -o json | grep "no config" | grep -c INVOCATION_ID || true',
  );
  t.equal(written.trim(), '0', 'the id is missing');
  t.match(await check({ service: 'hasty', active: false, logsClean: true }), [
    { property: 'active', outcome: 'pass' },
    { property: 'logsClean', outcome: 'fail', notes: ['"no config"'] },
  ]);

  const spec = serviceVerifier.spec.parse({ service: 'broken' });
  const snapshot = await takeSnapshot(machine.connection, serviceVerifier.needs(spec));
  const { signal } = new AbortController();
  const facts = await serviceVerifier.observe(spec, {
    connection: machine.connection,
    snapshot,
    address: machine.address,
    signal,
    repeat: undefined,
  });
  t.match(
    serviceVerifier.fatal?.(spec, facts),
    /broken (hit systemd's start limit|failed)/,
    'waiting cannot help',
  );
});

await tap.test('init scripts where PID 1 is no service manager', async (t) => {
  const machine = await liveInstance(t, 'sysv-service', { config: { pid_one_command: 'sleep infinity' } });
  const check = (spec: object) => machine.check(serviceVerifier, spec);
  t.match(await check({ service: 'cron' }), [{ outcome: 'fail', source: /^init scripts, via exec/ }]);
  await machine.sh('/etc/init.d/cron start');
  // Its first process writes its own pid, then the daemon that it leaves writes another one.
  await until(
    'cron has told its pid',
    async () => (await machine.sh('cat /proc/$(cat /run/crond.pid)/comm || true')).trim() === 'cron',
  );
  t.match(
    await check({ service: 'cron', active: true, enabled: true, mainPid: { alive: true } }),
    [1, 2, 3].map(() => ({ outcome: 'pass' })),
  );
  t.match(await check({ service: 'cron', restarts: 0 }), [
    { property: 'active', outcome: 'pass' },
    { property: 'restarts', outcome: 'error', observed: /does not say/ },
  ]);
  t.match(await check({ service: 'nope' }), [{ outcome: 'error', observed: 'init scripts: no unit nope' }]);
});
