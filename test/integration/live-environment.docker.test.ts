import tap from 'tap';
import { takeSnapshot } from '../../src/checks/probe/take-snapshot.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { envVerifier } from '../../verifiers/env/index.ts';
import { processVerifier } from '../../verifiers/process/index.ts';
import { pidsOf, processesOf, startUnit, uwsgiIni, WITH_APP_SERVERS, WSGI } from '../app-servers.ts';
import { asUser, becomes, liveInstance, until } from '../live-instance.ts';

const OLD = 'postgres://shop:0ld-s3cret@db:5432/shop';
const NEW = 'postgres://shop:n3w-s3cret@db2:5432/shop';
/** To uWSGI, SIGTERM means reload. */
const QUIT = 'KillSignal=SIGQUIT\nTimeoutStopSec=5';
const READLINE = 'for-readline = /srv/app.env\nenv = %(_)\nendfor =\n';

/** Programs that do to their own environment what programs do. */
const ODD = `
import ctypes, os, signal, sys, time
libc = ctypes.CDLL(None)
mode = sys.argv[1]
if mode == 'titled':
    import setproctitle
    setproctitle.setproctitle('titled ' + 'x' * 4000)
if mode == 'clobbered':
    words = open('/proc/self/stat').read().rsplit(')', 1)[1].split()
    start, end = int(words[47]), int(words[48])
    ctypes.memset(start, ord('x'), end - start)
if mode == 'cleared': libc.clearenv()
if mode == 'late':
    os.environ['DATABASE_URL'] = '${OLD}'
    os.environ['ENDLESS'] = 'z' * 200000
if mode == 'zombie':
    if os.fork() == 0: os._exit(0)
if mode == 'huge':
    block = {'FILL%d' % n: 'y' * 100000 for n in range(10)}
    block.update({'DATABASE_URL': '${OLD}', 'LINES': 'a\\nb=c\\n', 'EMPTY': '', 'LONG': 'z' * 120000})
    os.execve('/bin/sleep', ['huge', '1000'], block)
if mode == 'churn':
    while True:
        for n in range(10):
            if os.fork() == 0: time.sleep(0.002); os._exit(0)
        for n in range(10): os.wait()
open('/run/odd-' + mode, 'w').close()
signal.pause()
`;

await tap.test('the live environment, by server and by way of setting', async (t) => {
  const machine = await liveInstance(t, 'live-environment', {
    config: { cap_add: ['SYS_PTRACE'], intermediate_instructions: WITH_APP_SERVERS },
  });
  await machine.write('/srv/app.py', WSGI);
  await machine.write('/srv/odd.py', ODD);
  const check = (of: object | string, more: object = {}, key = 'DATABASE_URL') =>
    machine.check(envVerifier, { env: { of, key }, ...more });
  const noteOf = (result: CheckResult | undefined): string => (result?.notes ?? []).join('\n');
  const hup = async (unit: string, processes: number): Promise<void> => {
    const before = await pidsOf(machine, unit);
    await machine.sh(`systemctl kill -s HUP --kill-who=main ${unit}`);
    await until('new workers', async () => {
      const now = await pidsOf(machine, unit);
      return now.length === processes && now.filter((pid) => before.includes(pid)).length === 1;
    });
  };
  const odd = async (mode: string, more = ''): Promise<void> => {
    await machine.sh(
      `systemd-run -q --unit odd-${mode} -E DATABASE_URL='${OLD}' -E NAME=y ${more} python3 /srv/odd.py ${mode}`,
    );
    await until(mode, async () => (await machine.sh('ls /run')).includes(`odd-${mode}`));
  };

  await t.test('uWSGI for-readline: SIGHUP reads the file again, and forgets nothing', async (t) => {
    await machine.write('/srv/app.env', `DATABASE_URL=${OLD}\nFEATURE=on\n`);
    await machine.write('/srv/lines.ini', uwsgiIni(9101, READLINE));
    await startUnit(machine, 'lines', ['ExecStart=/usr/bin/uwsgi --ini /srv/lines.ini', QUIT], 3);
    const workers = { process: 'uwsgi', role: 'worker', unit: 'lines' };
    t.match(await check(workers, { value: OLD }), [{ outcome: 'pass', notes: [/set at run time/] }]);

    await machine.write('/srv/app.env', `DATABASE_URL=${NEW}\n`);
    const [stale] = await check(workers, { value: NEW });
    t.match(stale, {
      outcome: 'fail',
      observed: /^pids? [\d, ]+ \(uwsgi, www-data, started .*host db, expected db2; password/,
    });
    t.match(
      noteOf(stale),
      /\/srv\/app\.env has the expected value, but was changed [\d:.]+ UTC, after pids \d+, \d+ started [\d:.]+ UTC: systemctl restart lines\.service, or make it read its config again/,
    );
    await hup('lines', 3);
    t.match(await check(workers, { value: NEW, startedAfter: '/srv/app.env' }), [
      { outcome: 'pass' },
      { outcome: 'pass' },
    ]);

    const [left] = await check(workers, { set: false }, 'FEATURE');
    t.match(left, { outcome: 'fail', observed: /set \("on"\)/ });
    t.match(
      noteOf(left),
      /no file that was looked at sets FEATURE now: a reload keeps the environment of before.*systemctl restart lines\.service/,
    );
    await machine.sh('systemctl restart lines');
    await processesOf(machine, 'lines', 3);
    t.match(await check(workers, { set: false }, 'FEATURE'), [{ outcome: 'pass' }]);
  });

  await t.test(
    'uWSGI under EnvironmentFile=: SIGHUP makes new workers with the old environment',
    async (t) => {
      await machine.write('/srv/unit.env', `DATABASE_URL="${OLD}"\n`);
      await machine.write(
        '/srv/byfile.ini',
        uwsgiIni(9102, 'lazy-apps = true\nthreads = 2\nenable-threads = true'),
      );
      const lines = [
        'EnvironmentFile=/srv/unit.env',
        'ExecStart=/usr/bin/env LAUNCHED=yes /usr/bin/uwsgi --ini /srv/byfile.ini',
        QUIT,
      ];
      await startUnit(machine, 'byfile', lines, 3);
      const workers = { process: 'uwsgi', role: 'worker', unit: 'byfile' };
      t.match(await check(workers, { value: OLD }), [{ outcome: 'pass', notes: undefined }]);
      t.match(await check(workers, { value: 'yes', source: 'exec' }, 'LAUNCHED'), [{ outcome: 'pass' }]);
      const [inUnit] = await check(workers, { unitValue: OLD });
      t.match(inUnit, { property: 'unitValue', outcome: 'fail' });
      t.match(noteOf(inUnit), /byfile(\.service)? reads \/srv\/unit\.env at start: that is not Environment=/);

      await machine.write('/srv/unit.env', `DATABASE_URL="${NEW}"\n`);
      await hup('byfile', 3);
      const [value, started] = await check(workers, { value: NEW, startedAfter: '/srv/unit.env' });
      t.match(started, { outcome: 'pass' }, 'the workers are new');
      t.match(value, { outcome: 'fail', observed: /host db, expected db2/ }, 'what they have is not');
      t.match(
        noteOf(value),
        /\/srv\/unit\.env has the expected value, but was changed .*, and systemd read it when pid \d+ started .*: systemctl restart byfile\.service \(a reload or SIGHUP keeps the old environment\)/,
      );
      t.notMatch(JSON.stringify(value), /s3cret/);
      await machine.sh('systemctl restart byfile');
      await processesOf(machine, 'byfile', 3);
      t.match(await check(workers, { value: NEW }), [{ outcome: 'pass' }]);
    },
  );

  await t.test('uWSGI emperor: the vassal that was not reloaded is told from the one that was', async (t) => {
    await machine.write('/srv/app.env', `DATABASE_URL=${OLD}\n`);
    await machine.sh('mkdir -p /srv/vassals');
    for (const [name, port] of [
      ['one', 9103],
      ['two', 9104],
    ] as const)
      await machine.write(`/srv/vassals/${name}.ini`, uwsgiIni(port, READLINE));
    await startUnit(machine, 'emperor', ['ExecStart=/usr/bin/uwsgi --emperor /srv/vassals', QUIT], 7);
    const workers = { process: 'uwsgi', role: 'worker', unit: 'emperor' };
    t.match(await check(workers, { value: OLD }), [{ outcome: 'pass', source: /of 4 processes/ }]);
    const roles = { process: { name: 'uwsgi', unit: 'emperor' }, count: 7, workers: 4, masters: 2 };
    t.match(await machine.check(processVerifier, roles), [
      { outcome: 'pass' },
      { outcome: 'pass' },
      { outcome: 'pass' },
    ]);

    await machine.write('/srv/app.env', `DATABASE_URL=${NEW}\n`);
    const before = await pidsOf(machine, 'emperor');
    await machine.sh('sleep 1.1; touch /srv/vassals/one.ini');
    await until('reloaded', async () => {
      const now = await pidsOf(machine, 'emperor');
      return now.length === 7 && now.filter((pid) => before.includes(pid)).length <= 5;
    });
    const [mixed] = await check(workers, { value: NEW });
    t.match(mixed, {
      outcome: 'fail',
      observed: /^2 of 4 ok; pids? \d+.*, (pid )?\d+ .*: host db, expected db2/,
    });
    t.match(
      noteOf(mixed),
      /^pids \d+, \d+ started [\d:.]+ UTC \(below pid \d+: \S*uwsgi-core --ini two\.ini\), those that are right at [\d:.]+ UTC or later: not restarted since the change; systemctl restart emperor\.service/,
    );
    const second = { ...workers, args: '/two\\.ini/' };
    t.match(
      await check(second, { value: OLD }),
      [{ outcome: 'pass', source: /of 2 processes/ }],
      'one vassal by its arguments',
    );
  });

  await t.test('uWSGI cheaper: workers that come and go while they are read', async (t) => {
    const more = `cheaper = 2\ncheaper-initial = 3\nprocesses = 4\nauto-procname = true\nenv = DATABASE_URL=${OLD}`;
    await machine.write('/srv/cheap.ini', uwsgiIni(9105, more).replace('processes = 2\n', ''));
    await startUnit(machine, 'cheap', ['ExecStart=/usr/bin/uwsgi --ini /srv/cheap.ini', QUIT], 3, 4);
    await machine.sh(
      `systemd-run -q --unit killer sh -c 'while sleep 1.1; do pkill -KILL -f "[u]WSGI worker 1"; done'`,
    );
    const workers = { process: 'uwsgi', role: 'worker', unit: 'cheap' };
    for (let n = 0; n < 5; n += 1)
      t.match(await check(workers, { value: OLD }), [
        { outcome: 'pass', source: /live environ of \d+ process/ },
      ]);
    await machine.sh('systemctl stop killer cheap');
  });

  await t.test(
    'gunicorn, Puma and Unicorn by their own names, whatever runs them and whatever their titles',
    async (t) => {
      await machine.write(
        '/srv/gunicorn.conf.py',
        `bind = '127.0.0.1:9106'\nworkers = 2\nraw_env = ['DATABASE_URL=${OLD}']\n`,
      );
      await machine.write(
        '/srv/puma.rb',
        `ENV['DATABASE_URL'] = '${OLD}'\nworkers 2\nbind 'tcp://127.0.0.1:9107'\nrackup '/srv/config.ru'\n`,
      );
      await machine.write('/srv/unicorn.rb', `worker_processes 2\nlisten '127.0.0.1:9108'\n`);
      await machine.write('/srv/config.ru', `run ->(env) { [200, {}, ['ok']] }\n`);
      const at = 'WorkingDirectory=/srv';
      await Promise.all([
        startUnit(
          machine,
          'green',
          [at, 'ExecStart=/usr/bin/python3 /usr/bin/gunicorn -c /srv/gunicorn.conf.py app'],
          3,
        ),
        startUnit(machine, 'paws', [at, 'ExecStart=/usr/bin/ruby /usr/bin/puma -C /srv/puma.rb'], 3),
        startUnit(
          machine,
          'horn',
          [
            at,
            `Environment=DATABASE_URL=${OLD}`,
            'ExecStart=/usr/bin/ruby /usr/bin/unicorn -c /srv/unicorn.rb /srv/config.ru',
          ],
          3,
        ),
      ]);
      for (const [name, unit] of [
        ['gunicorn', 'green'],
        ['puma', 'paws'],
        ['unicorn', 'horn'],
      ] as const) {
        const workers = { process: name, role: 'worker', unit };
        t.match(await check(workers, { value: OLD }), [{ outcome: 'pass', source: /of 2 processes/ }], name);
        const [wrong] = await check(workers, { value: NEW });
        t.match(
          wrong,
          { outcome: 'fail', observed: /pids? \d+.*, (pid )?\d+ .*: host db, expected db2/ },
          name,
        );
        t.notMatch(JSON.stringify(wrong), /s3cret/);
      }
      t.match(
        noteOf((await check({ unit: 'green', role: 'worker' }, { value: NEW }))[0]),
        /\/srv\/gunicorn\.conf\.py mentions DATABASE_URL/,
      );
      t.match(
        noteOf((await check({ process: 'unicorn', unit: 'horn' }, { value: NEW }))[0]),
        /horn\.service \(as loaded\) has the same value/,
      );
      t.match(await check({ process: 'puma', role: 'worker' }, { changedSinceExec: true }), [
        { outcome: 'pass' },
      ]);
      t.match(await check({ process: 'unicorn', role: 'worker' }, { changedSinceExec: true }), [
        { outcome: 'fail', expected: 'changed since start', observed: /pids? \d+.*: as at start/ },
      ]);
    },
  );

  await t.test('a plain daemon without a unit; a shell’s own variables', async (t) => {
    await machine.sh('mkdir -p /etc/plain');
    await machine.sh(
      `DATABASE_URL='${OLD}' start-stop-daemon --start --background --make-pidfile --pidfile /run/plain.pid --exec /bin/sleep -- 4711`,
    );
    const plain = { process: { name: 'sleep', args: '/4711/' } };
    const comm = 'cat /proc/$(cat /run/plain.pid)/comm || true';
    await until('it is a sleep', async () => (await machine.sh(comm)).trim() === 'sleep');
    t.match(await check(plain, { value: OLD }), [{ outcome: 'pass' }]);
    const [wrong] = await check(plain, { value: NEW });
    t.match(wrong, { outcome: 'fail', observed: /^pid \d+ \(sleep, root/ });
    await machine.write('/etc/plain/app.env', `DATABASE_URL=${NEW}\n`);
    t.match(
      noteOf((await check(plain, { value: NEW }))[0]),
      /\/etc\/plain\/app\.env has the expected value, but was changed [\d:.]+ UTC, after pid \d+ started [\d:.]+ UTC: restart it/,
    );
    t.match(await check(plain, { unitValue: OLD }), [{ outcome: 'error', observed: /belong to no unit/ }]);
    await machine.sh(`systemd-run -q --unit script sh -c 'export DATABASE_URL=x; sleep 4712; true'`);
    await until('its child is a sleep', async () => {
      const pids = await pidsOf(machine, 'script');
      const comms = await machine.sh(`for p in ${pids.join(' ')}; do cat /proc/$p/comm || true; done`);
      return comms.includes('sleep');
    });
    t.match(await check({ unit: 'script', process: 'sleep' }, { value: 'x' }), [{ outcome: 'pass' }]);
    t.match(await check({ unit: 'script', process: 'sh' }), [{ outcome: 'fail', observed: /not set/ }]);
  });

  await t.test('programs that write over, clear, or add to their environment', async (t) => {
    await Promise.all(['titled', 'clobbered', 'cleared', 'late'].map((mode) => odd(mode)));
    t.match(
      await check('titled', { value: OLD }),
      [{ outcome: 'pass' }],
      'moved before its title was written',
    );
    const [block] = await check('titled', { source: 'exec', set: false });
    t.match(block, {
      outcome: 'error',
      observed: /block at start was overwritten \(by the title it gave itself\): what it had is not known/,
    });
    t.match(noteOf(block), /the live environment has it \(39 chars\); source: live reads that one/);
    t.match(await check({ unit: 'odd-clobbered' }, { source: 'exec', set: false }, 'DATABASE_URL'), [
      { outcome: 'error', observed: /overwritten/ },
    ]);
    t.match(
      await check({ unit: 'odd-clobbered' }, { set: true }),
      [{ outcome: 'fail', observed: /not set/ }],
      'as getenv sees it',
    );
    t.match(await check({ unit: 'odd-cleared' }, { set: false }), [{ outcome: 'pass' }]);
    t.match(await check({ unit: 'odd-cleared' }, { source: 'exec', value: OLD }), [{ outcome: 'pass' }]);
    t.match(await check({ unit: 'odd-cleared' }, { changedSinceExec: false }), [
      { outcome: 'fail', observed: /removed since start \(unsetenv\)/ },
    ]);
    t.match(await check({ unit: 'odd-late' }, { changedSinceExec: false }, 'NAME'), [
      { outcome: 'pass', observed: 'as at start' },
    ]);
    t.match(await check({ unit: 'odd-late' }, { set: true }, 'ENDLESS'), [
      { outcome: 'error', observed: /the value of ENDLESS is longer than 128 KiB/ },
    ]);
    t.match(await check({ unit: 'odd-titled' }, { changedSinceExec: false }), [
      { outcome: 'error', observed: /overwritten/ },
    ]);
  });

  await t.test('static, in another root, huge, ended and ending', async (t) => {
    await machine.sh(`
      systemd-run -q --unit web-static -E DATABASE_URL='${OLD}' busybox httpd -f -p 127.0.0.1:9109
      mkdir -p /srv/root && cp --parents /bin/sleep $(ldd /bin/sleep | grep -o '/[^ ]*') /srv/root
      systemd-run -q --unit jail -E DATABASE_URL='${OLD}' chroot /srv/root /bin/sleep 4713
      systemd-run -q --unit private -p PrivateTmp=yes -p ProtectSystem=strict -E DATABASE_URL='${OLD}' sleep 4714`);
    for (const [unit, comm] of [
      ['web-static', 'busybox'],
      ['jail', 'sleep'],
      ['private', 'sleep'],
    ] as const)
      await becomes(machine, unit, comm);
    t.match(await check({ unit: 'web-static' }, { value: OLD }), [
      {
        outcome: 'error',
        observed: /no libc environ \(static binary\)/,
        notes: [/block at start has it \(39 chars\); source: exec/],
      },
    ]);
    t.match(await check({ unit: 'web-static' }, { source: 'exec', value: OLD }), [{ outcome: 'pass' }]);
    t.match(await check({ process: 'sleep', unit: 'jail' }, { value: OLD }), [{ outcome: 'pass' }]);
    t.match(await check({ unit: 'private' }, { value: OLD }), [{ outcome: 'pass' }]);
    await odd('zombie');
    t.match(await check({ unit: 'odd-zombie' }, { value: OLD }), [
      { outcome: 'pass', source: /of 1 process,/ },
    ]);
    await machine.sh('systemd-run -q --unit odd-huge python3 /srv/odd.py huge');
    await becomes(machine, 'odd-huge', 'sleep');
    t.match(await check({ unit: 'odd-huge' }, { value: OLD }), [{ outcome: 'pass' }]);
    t.match(await check({ unit: 'odd-huge' }, { value: 'a\nb=c\n', changedSinceExec: false }, 'LINES'), [
      { outcome: 'pass' },
      { outcome: 'pass' },
    ]);
    t.match(await check({ unit: 'odd-huge' }, { value: '' }, 'EMPTY'), [{ outcome: 'pass' }]);
    t.match(await check({ unit: 'odd-huge' }, { value: 'z'.repeat(120_000) }, 'LONG'), [{ outcome: 'pass' }]);
    await machine.sh(`systemd-run -q --unit odd-churn -E DATABASE_URL='${OLD}' python3 /srv/odd.py churn`);
    await becomes(machine, 'odd-churn', 'python3');
    for (let n = 0; n < 5; n += 1)
      t.match(await check({ unit: 'odd-churn' }, { value: OLD }), [{ outcome: 'pass' }]);
    await machine.sh('systemctl stop odd-churn');
  });

  await t.test('the client’s Ruby reads the same where there is no perl', async (t) => {
    const needs = { processes: true, environ: [{ key: 'DATABASE_URL', names: [], unit: undefined }] };
    const look = async () => (await takeSnapshot(machine.connection, needs)).environ;
    const perl = await look();
    await machine.sh('mv /usr/bin/perl /usr/bin/perl.hidden');
    const ruby = await look();
    await machine.sh('mv /usr/bin/perl.hidden /usr/bin/perl');
    // Timers of the machine may start something between the two, or it may end.
    const inBoth = (all: typeof perl, other: typeof perl) =>
      all.filter((one) => other.some(({ pid }) => pid === one.pid));
    const compared = inBoth(perl, ruby);
    t.ok(
      compared.length > 25 && compared.some((one) => one.atExecError?.includes('overwritten')),
      `${compared.length} processes`,
    );
    t.same(inBoth(ruby, perl), compared);
  });

  await t.test('reached as a user who is not root: through sudo, and an error without it', async (t) => {
    await machine.sh('useradd -m kitchen; echo "kitchen ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/kitchen');
    const spec = {
      env: { of: { process: 'uwsgi', role: 'worker', unit: 'byfile' }, key: 'DATABASE_URL' },
      value: NEW,
    };
    const sudo = asUser(machine.connection, 'kitchen', 'sudo');
    t.match(await machine.check(envVerifier, spec, sudo), [
      { outcome: 'pass', source: 'live environ of 2 processes, via sudo, perl' },
    ]);
    const plain = asUser(machine.connection, 'kitchen', 'plain');
    t.match(await machine.check(envVerifier, spec, plain), [
      {
        outcome: 'error',
        observed: /could not look: 2 of 2 processes .*no right to read its memory \(needs root/,
      },
    ]);
    for (const name of ['sudo', 'cat', 'perl'])
      t.match(
        await machine.check(processVerifier, { process: name, running: false }, sudo),
        [{ outcome: 'pass' }],
        'the way of looking is not seen',
      );
    const shell = { process: { name: 'sh', args: '/eval/' }, running: false };
    t.match(await machine.check(processVerifier, shell, sudo), [{ outcome: 'pass' }]);
    t.match(
      await machine.check(processVerifier, { process: 'sshd', running: true }, sudo),
      [{ outcome: 'pass' }],
      'what led to it is',
    );
    await machine.sh('mv /usr/bin/perl /usr/bin/perl.hidden');
    t.match(await machine.check(processVerifier, { process: 'sudo', running: false }, sudo), [
      { outcome: 'pass', source: /ruby/ },
    ]);
    await machine.sh('mv /usr/bin/perl.hidden /usr/bin/perl');
  });
});
