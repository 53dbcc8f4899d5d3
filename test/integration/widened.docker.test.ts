import tap from 'tap';
import { type CheckRow, checkTable } from '../check-table.ts';
import { liveInstance, until } from '../live-instance.ts';

tap.setTimeout(180_000);

const SERVER = `
import os, socket, time, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (2048, 4096))
os.chdir('/srv/work')
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', 8001)); s.listen(7)
u = socket.socket(socket.AF_UNIX); u.bind('/run/app.sock'); u.listen(9)
keep = [open('/dev/null') for _ in range(20)]
if os.fork() == 0: os.setuid(33)
if os.getuid() == 0: open('/run/ready', 'w').close()
time.sleep(1000)
`;
const SETUP = `
set -e
mkdir -p /srv/work /srv/closed /srv/conf
printf 'name: app\\nports: [80, 443]\\n' > /srv/conf/a.yml
printf 'name: other\\nports: [1]\\n' > /srv/conf/b.yml
printf '[uwsgi]\\nenv = A=1\\nenv = B=2\\nworkers = 4\\n' > /srv/app.ini
printf '{"db": {"password": "n0t-s3cret"}, "list": [1, 2]}' > /srv/app.json
printf '[tool]\\nname = "x"\\n' > /srv/app.toml
printf '<config><port>80</port></config>' > /srv/app.xml
echo secret > /srv/closed/key; chmod 700 /srv/closed
chmod 640 /srv/app.json; chgrp www-data /srv/app.json
mount -t tmpfs tmpfs /srv/work 2>/dev/null || true
perl -e 'my $acl = pack("L", 2) . join "", map { pack "SSL", @$_ } [1, 6, 0xffffffff], [2, 4, 33], [4, 4, 0xffffffff], [16, 4, 0xffffffff], [32, 0, 0xffffffff]; my ($name, $path) = ("system.posix_acl_access", "/srv/app.toml"); exit(syscall(qx(uname -m) =~ /aarch64/ ? 5 : 188, $path, $name, $acl, length $acl, 0) ? 1 : 0)' && touch /srv/acl || true
printf '[Service]\\nExecStart=/bin/sh -c "echo \\\\"<3>it broke\\\\"; exec sleep 1000"\\nLimitNOFILE=1234\\n' > /etc/systemd/system/noisy.service
printf '[Service]\nExecStart=/bin/sh -c "echo no config >&2; exit 3"\n' > /etc/systemd/system/broken.service
printf '[Service]\nExecStart=/bin/true\n' > /etc/systemd/system/resting.service
systemctl daemon-reload; systemctl start noisy broken
`;

await tap.test('systemd: files, processes, ports, services and commands, each right and wrong', async (t) => {
  const machine = await liveInstance(t, 'widened');
  await machine.sh(SETUP);
  await machine.write('/srv/server.py', SERVER);
  await machine.sh('systemd-run -q --unit app python3 /srv/server.py');
  await until('the server listens', async () => (await machine.sh('ls /run')).includes('ready'));
  const hasAcl = (await machine.sh('ls /srv')).includes('acl');
  const app = { process: { unit: 'app' } };
  const rows: CheckRow[] = [
    [{ file: '/srv/conf/a.yml', yaml: { name: 'app', 'ports[1]': 443 } }, 'pass'],
    [{ file: '/srv/conf/a.yml', yaml: { name: 'other' } }, 'fail'],
    [{ file: '/srv/conf/*.yml', count: 2, yaml: { ports: { present: true } } }, 'pass'],
    [{ file: '/srv/conf/*.yml', yaml: { name: 'app' } }, 'fail', /b\.yml/],
    [{ file: '/srv/conf/*.yml', holdsFor: 'any', yaml: { name: 'app' } }, 'pass'],
    [{ file: '/srv/conf/*.yml', holdsFor: 'none', yaml: { name: 'app' } }, 'fail'],
    [{ file: '/srv/none/*', exists: false }, 'pass'],
    [{ file: '/srv/conf/*', exists: false }, 'fail'],
    [{ file: '/srv/app.ini', ini: { 'uwsgi.env': ['A=1', 'B=2'], 'uwsgi.workers': 4 } }, 'pass'],
    [{ file: '/srv/app.ini', ini: { 'uwsgi.workers': 5 } }, 'fail'],
    [{ file: '/srv/app.json', json: { 'list.length': 2 } }, 'pass'],
    [{ file: '/srv/app.json', json: { 'db.password': 'other' } }, 'fail', /‹10 chars›/],
    [{ file: '/srv/app.toml', toml: { 'tool.name': 'x' } }, 'pass'],
    [{ file: '/srv/app.toml', toml: { 'tool.name': 'y' } }, 'fail'],
    [{ file: '/srv/app.xml', xml: { '/config/port': 80 } }, 'pass'],
    [{ file: '/srv/app.xml', xml: { '/config/port': 81 } }, 'fail'],
    [{ file: '/srv/app.ini', json: { x: { absent: true } } }, 'fail', /not JSON/],
    [{ file: '/srv/app.json', readableBy: ['root', 'www-data'], unreadableBy: 'nobody' }, 'pass'],
    [{ file: '/srv/app.json', readableBy: 'nobody' }, 'fail', /Permission denied/],
    [{ file: '/srv/closed/key', unreadableBy: 'www-data' }, 'pass'],
    [{ file: '/srv/closed/key', readableBy: 'www-data' }, 'fail'],
    [{ file: '/srv/closed', unreadableBy: 'www-data' }, 'pass'],
    [{ file: '/srv', readableBy: 'www-data' }, 'pass'],
    [{ file: '/srv/app.json', unreadableBy: 'nobody-there' }, 'error'],
    [{ file: '/run/ready', mountedOn: '/run' }, 'pass'],
    [{ file: '/srv/app.ini', mountedOn: '/run' }, 'fail'],
    [{ file: '/srv/app.json', acl: { exactly: ['user::rw-', 'group::r--', 'other::---'] } }, 'pass'],
    [{ file: '/srv/app.json', acl: 'user:www-data:r--' }, 'fail'],
    [{ file: '/srv/app.ini', mtime: { gte: '2024-01-01' } }, 'pass'],
    [{ file: '/srv/app.ini', mtime: { lt: '2024-01-01' } }, 'fail'],
    [{ file: '/srv/app.ini', mtime: { changedSince: 'converge' } }, 'error', /nobody remembered/],

    [{ ...app, cwd: '/srv/work', exe: { contains: 'python3' }, threads: 1, rss: { gt: 100 } }, 'pass'],
    [{ ...app, cwd: '/' }, 'fail'],
    [{ ...app, exe: '/bin/sh' }, 'fail'],
    [{ ...app, threads: { gt: 1 } }, 'fail'],
    [{ ...app, rss: { lt: 10 } }, 'fail'],
    [{ ...app, openFiles: { gt: 20 }, oomScore: { gte: 0 } }, 'pass'],
    [{ ...app, openFiles: { lt: 20 } }, 'fail'],
    [{ ...app, oomScore: { lt: 0 } }, 'fail'],
    [{ ...app, limits: { nofile: 2048 }, hardLimits: { nofile: 4096 } }, 'pass'],
    [{ ...app, limits: { nofile: { gte: 65536 } } }, 'fail', /2048/],
    [{ ...app, hardLimits: { nofile: 2048 } }, 'fail'],
    [{ ...app, any: { user: 'www-data', openFiles: { gt: 20 } }, none: { user: 'nobody' } }, 'pass'],
    [{ ...app, any: { user: 'nobody' } }, 'fail'],
    [{ ...app, none: { user: 'www-data' } }, 'fail'],
    [{ ...app, each: { limits: { nofile: 2048 } }, workers: 1, masters: 1 }, 'pass'],
    [{ ...app, each: { user: 'root' } }, 'fail'],

    [{ port: 8001, backlog: 7 }, 'pass'],
    [{ port: 8001, backlog: { gte: 128 } }, 'fail'],
    [{ port: '/run/app.sock', backlog: 9, owner: { unit: 'app.service' } }, 'pass'],
    [{ port: '/run/app.sock', backlog: 10 }, 'fail'],
    [{ port: 8001, reachable: { from: 'instance' } }, 'pass'],
    [{ port: 8002, reachable: { from: 'instance', is: false } }, 'pass'],
    [{ port: 8001, reachable: { from: 'instance', is: false } }, 'fail'],

    [{ service: 'noisy', unitProps: { LimitNOFILE: 1234, Restart: 'no' } }, 'pass'],
    [{ service: 'noisy', unitProps: { LimitNOFILE: { gt: 1234 } } }, 'fail'],
    [{ service: 'noisy', unitProps: { Nope: 'x' } }, 'fail', /no such property/],
    [{ service: 'noisy', logsClean: true }, 'fail', /it broke/],
    [{ service: 'broken' }, 'fail', /journal of broken:[^]*no config[^]*status=3/],
    [{ service: 'resting' }, 'fail', /nothing has started it/],
    [{ service: 'noisy', logsClean: 'crit' }, 'pass'],
    [{ service: 'cron', logsClean: true }, 'pass'],

    [{ command: 'echo \'{"a": [1]}\'', json: { 'a[0]': 1 } }, 'pass'],
    [{ command: 'echo \'{"a": [1]}\'', json: { 'a[0]': 2 } }, 'fail'],
    [
      {
        command: 'id -un\npwd\necho "$X"\ncat',
        user: 'www-data',
        cwd: '/srv',
        env: { X: 'y' },
        stdin: 'in',
        stdout: ['www-data', '/srv', 'y', 'in'],
      },
      'pass',
    ],
    [{ command: 'false | true', shell: 'bash -o pipefail' }, 'fail'],
  ];
  if (hasAcl)
    rows.push(
      [{ file: '/srv/app.toml', acl: ['user:www-data:r--', 'mask::r--'] }, 'pass'],
      [{ file: '/srv/app.toml', acl: { none: 'user:www-data:r--' } }, 'fail'],
    );
  t.comment(`access lists: ${hasAcl ? 'yes' : 'not on this file system'}`);
  await checkTable(t, machine, rows);
});

const RUNIT = `
set -e
mkdir -p /etc/service/web /etc/service/idle
printf '#!/bin/sh\\nexec sleep 1000\\n' > /etc/service/web/run
cp /etc/service/web/run /etc/service/idle/run
touch /etc/service/idle/down
chmod +x /etc/service/*/run
`;

await tap.test('runit is PID 1: its services', async (t) => {
  const machine = await liveInstance(t, 'runit', {
    config: {
      image: 'galley/debian-12',
      init: 'none',
      intermediate_instructions: [
        'RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends runit && rm -rf /var/lib/apt/lists/*',
      ],
      run_command: 'runsvdir -P /etc/service',
    },
  });
  await machine.sh(RUNIT);
  await until('runit runs it', async () => (await machine.sh('sv status web || true')).startsWith('run:'));
  await until('runit knows the other', async () =>
    (await machine.sh('sv status idle || true')).startsWith('down:'),
  );
  await checkTable(t, machine, [
    [{ service: 'web', enabled: true, sub: 'run', mainPid: { alive: true } }, 'pass', /runit/],
    [{ service: 'web', active: false }, 'fail'],
    [{ service: 'web', enabled: false }, 'fail'],
    [{ service: 'idle', active: false, enabled: false }, 'pass'],
    [{ service: 'idle' }, 'fail'],
    [{ service: 'nope' }, 'error', /no unit nope/],
    [{ service: 'nope', exists: false }, 'pass'],
    [{ service: 'web', exists: false }, 'fail'],
    [{ service: 'web', restarts: 0 }, 'error', /does not say/],
    [{ service: 'web', unitProps: { Restart: 'no' } }, 'error'],
    [{ service: 'web', logsClean: true }, 'error'],
  ]);
});

await tap.test('neither systemd nor runit is PID 1: init scripts', async (t) => {
  const machine = await liveInstance(t, 'sysv', {
    config: { image: 'galley/debian-12', init: 'none', intermediate_instructions: [] },
  });
  await machine.sh('service cron start; update-rc.d cron defaults');
  await checkTable(t, machine, [
    [{ service: 'cron', enabled: true, mainPid: { alive: true } }, 'pass', /init scripts/],
    [{ service: 'cron', active: false }, 'fail'],
    [{ service: 'cron', enabled: false }, 'fail'],
    [{ service: 'dbus', active: false }, 'pass'],
    [{ service: 'dbus' }, 'fail'],
    [{ service: 'crom' }, 'error', /no unit crom/],
    [{ service: 'crom', exists: false }, 'pass'],
    [{ service: 'cron', result: 'success' }, 'error', /does not say/],
    [{ log: { unit: 'cron', since: 'ever' }, lacks: 'x' }, 'error', /PID 1 is not systemd/],
  ]);
});
