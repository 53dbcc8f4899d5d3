import tap from 'tap';
import { pidsOf, uwsgiIni, WSGI } from '../../test/app-servers.ts';
import { becomes, type LiveInstance, liveInstance, unprivileged, until } from '../../test/live-instance.ts';
import { envVerifier } from './index.ts';

const URL = 'postgres://shop:s3cr%25t@db:5432/shop';
const SHOWN = '"postgres://shop:‹6 chars›@db:5432/shop"';
const unit = (name: string, more: string) => `[Service]
ExecStart=/usr/bin/uwsgi --ini /srv/${name}.ini
KillSignal=SIGQUIT
${more}
`;
const escaped = URL.replaceAll('%', '%%');

/** uWSGI as a unit of its own; its workers have changed their user themselves, so they are not dumpable. */
async function startUwsgi(
  machine: LiveInstance,
  name: string,
  port: number,
  given: { unit?: string; ini?: string },
): Promise<void> {
  await machine.write('/srv/app.py', WSGI);
  await machine.write(`/srv/${name}.ini`, uwsgiIni(port, given.ini));
  await machine.write(`/etc/systemd/system/${name}.service`, unit(name, given.unit ?? ''));
  await machine.sh(`systemctl daemon-reload; systemctl restart ${name}`);
  await workersOf(machine, name, 2);
}

/** The master and its workers have changed their user (www-data is 33 on Debian) when this resolves. */
async function workersOf(machine: LiveInstance, name: string, count: number): Promise<void> {
  await until(`${name} has workers`, async () => {
    const pids = await pidsOf(machine, name);
    const lines = await machine.sh(
      `for p in ${pids.join(' ')}; do grep -h ^Uid /proc/$p/status || true; done`,
    );
    return lines.split('\n').filter((line) => /\t33\t/.test(line)).length === count + 1;
  });
}

const workers = (name: string) => ({ process: 'uwsgi', role: 'worker', unit: name });

await tap.test('the live environment of uWSGI, however the variable got there', async (t) => {
  const machine = await liveInstance(t, 'env', { config: { cap_add: ['SYS_PTRACE'] } });
  const check = (of: object, more: object = {}, key = 'DATABASE_URL') =>
    machine.check(envVerifier, { env: { of, key }, ...more });

  await t.test('set by the unit', async (t) => {
    await startUwsgi(machine, 'byunit', 9001, { unit: `Environment=DATABASE_URL=${escaped}` });
    t.match(
      await check(workers('byunit'), {
        each: { equal: URL },
        unitValue: URL,
        url: { host: 'db', port: 5432, password: 's3cr%t' },
      }),
      [
        {
          property: 'value',
          outcome: 'pass',
          observed: SHOWN,
          source: /live environ of 2 processes, via exec \(SYS_PTRACE\), perl/,
        },
        { property: 'url.host', outcome: 'pass' },
        { property: 'url.port', outcome: 'pass' },
        { property: 'url.password', outcome: 'pass' },
        { property: 'unitValue', outcome: 'pass' },
      ],
    );
    t.match(await check(workers('byunit'), { source: 'exec', value: URL }), [{ outcome: 'pass' }]);
    t.match(await check(workers('byunit'), { source: 'unit', value: URL }), [{ outcome: 'pass' }]);
    t.match(
      await check({ unit: 'byunit' }, { set: true }),
      [{ outcome: 'pass', source: /3 processes/ }],
      'the master, too',
    );
  });

  await t.test('set by uWSGI’s env =, which /proc/PID/environ does not show', async (t) => {
    await startUwsgi(machine, 'byini', 9002, { ini: `env = DATABASE_URL=${escaped}` });
    t.match(await check(workers('byini'), { value: URL }), [
      {
        outcome: 'pass',
        notes: [
          /set at run time \(putenv, e\.g\. uWSGI env =\): the live value is not in \/proc\/PID\/environ/,
        ],
      },
    ]);
    t.match(await check(workers('byini'), { source: 'exec' }), [
      {
        outcome: 'fail',
        observed: /not set/,
        notes: [/^byini\.service \(as loaded\) has no/, /set live: at run time/],
      },
    ]);
    const before = await pidsOf(machine, 'byini');
    await machine.sh('systemctl kill -s HUP --kill-who=main byini');
    await until('new workers', async () => {
      const now = await pidsOf(machine, 'byini');
      return now.length === 3 && now.filter((pid) => before.includes(pid)).length === 1;
    });
    await workersOf(machine, 'byini', 2);
    t.match(
      await check(workers('byini'), { value: URL }),
      [{ outcome: 'pass', notes: undefined }],
      'after SIGHUP both show it',
    );
    t.match(await check(workers('byini'), { source: 'exec', value: URL }), [{ outcome: 'pass' }]);
  });

  await t.test('with a title written over the block at start', async (t) => {
    await startUwsgi(machine, 'titled', 9003, {
      unit: `Environment=DATABASE_URL=${escaped}`,
      ini: `auto-procname = true\nprocname-prefix = ${'a long title '.repeat(40)}`,
    });
    const [live] = await check({ unit: 'titled', role: 'worker' }, { value: URL });
    t.match(live, { outcome: 'pass', source: /2 processes/ });
  });

  await t.test('an ini that mangles the value: which part differs, and why, without the value', async (t) => {
    await startUwsgi(machine, 'mangled', 9004, {
      ini: `env = DATABASE_URL=${URL}\nenv = QUOTED='${URL}'`,
    });
    const [result] = await check(workers('mangled'), { value: URL });
    t.match(result, {
      outcome: 'fail',
      observed: /pids? \d+.*, (pid )?\d+ .*password differs \(\d+ chars, expected 6 chars\)/,
    });
    t.match(result?.notes?.join('\n'), /a % was expanded on the way: write %%/);
    t.notMatch(JSON.stringify(result), /s3cr/);
    const [quoted] = await check(workers('mangled'), { value: URL.replace('%25', '5') }, 'QUOTED');
    t.equal(quoted?.outcome, 'fail');
  });

  await t.test('set in a login profile only', async (t) => {
    await startUwsgi(machine, 'profile', 9005, {});
    await machine.write('/etc/profile.d/app.sh', `export DATABASE_URL=${URL}\n`);
    const [result] = await check(workers('profile'), { value: URL });
    t.match(result, {
      outcome: 'fail',
      expected: `${SHOWN} in each of 2 processes`,
      observed: /not set/,
    });
    t.match(
      result?.notes?.join('\n'),
      /\/etc\/profile\.d\/app\.sh sets DATABASE_URL, but only login shells read that/,
    );
    t.match(result?.notes?.join('\n'), /profile\.service \(as loaded\) has no Environment=DATABASE_URL/);
    t.notMatch(JSON.stringify(result), /s3cr/);
    t.match(await check(workers('profile'), { set: false }), [{ outcome: 'pass', expected: /not set/ }]);
  });

  await t.test('the config changed and nothing was restarted', async (t) => {
    await machine.write(
      '/etc/systemd/system/byunit.service',
      unit('byunit', 'Environment=DATABASE_URL=postgres://shop:new@db2/shop'),
    );
    const stale = {
      value: 'postgres://shop:new@db2/shop',
      startedAfter: '/etc/systemd/system/byunit.service',
    };
    const [value, started] = await check(workers('byunit'), stale);
    t.match(value, { outcome: 'fail', observed: /host db, expected db2; .*password differs/ });
    t.match(
      value?.notes?.join('\n'),
      /the unit file of byunit\.service changed on disk: systemctl daemon-reload, then restart/,
    );
    t.match(started, {
      outcome: 'fail',
      observed: /2 of 2 older: pids? [\d, ]+ \(uwsgi, www-data, started [\d:.]+ UTC\).*changed [\d:.]+ UTC/,
    });
    await machine.sh('systemctl daemon-reload; systemctl restart byunit');
    await workersOf(machine, 'byunit', 2);
    t.match(await check(workers('byunit'), stale), [{ outcome: 'pass' }, { outcome: 'pass' }]);
  });

  await t.test('a static program: cannot read live, here is the block at start', async (t) => {
    await machine.sh('systemd-run -q --unit static -E DATABASE_URL=x /bin/busybox sleep 1000');
    await becomes(machine, 'static', 'busybox');
    t.match(await check({ unit: 'static' }), [
      {
        outcome: 'error',
        observed: /no libc environ \(static binary\)/,
        notes: [/block at start has it \(1 chars\); source: exec/],
      },
    ]);
    t.match(await check({ unit: 'static' }, { source: 'any', value: 'x' }), [
      { outcome: 'pass', source: /block at start of 1/ },
    ]);
  });

  await t.test('no such process fails and says what runs', async (t) => {
    t.match(await check({ process: 'unicorn' }), [
      {
        property: 'of',
        outcome: 'fail',
        observed: 'no process is unicorn',
        notes: [/^running: uwsgi ×\d+, /],
      },
    ]);
    t.match(
      await check({ process: 'unicorn' }, { set: false }),
      [{ outcome: 'fail' }],
      'also for a negative check',
    );
  });
});

await tap.test('workers that changed their user, without SYS_PTRACE: read through a sidecar', async (t) => {
  const machine = await liveInstance(t, 'env-sidecar', { config: { cap_drop: ['SYS_PTRACE'] } });
  await startUwsgi(machine, 'app', 9001, { ini: `env = DATABASE_URL=${escaped}` });
  const spec = { env: { of: { process: 'uwsgi' }, key: 'DATABASE_URL' }, value: URL };
  t.match(await machine.check(envVerifier, spec), [
    { outcome: 'pass', source: 'live environ of 3 processes, via sidecar, perl' },
  ]);

  const negative = { env: spec.env, set: false };
  t.match(
    await machine.check(envVerifier, negative, unprivileged(machine.connection)),
    [
      {
        outcome: 'error',
        observed:
          /could not look: 3 of 3 processes .*no right to read its memory \(needs root with CAP_SYS_PTRACE\)/,
      },
    ],
    'also for a negative check',
  );
});
