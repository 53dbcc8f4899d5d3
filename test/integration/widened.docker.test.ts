import tap from 'tap';
import { checkTable } from '../check-table.ts';
import { becomes, liveInstance, until } from '../live-instance.ts';
import { CONNECTIONS, ENVIRONMENTS, PROCESSES } from '../rows/processes.ts';
import { ACL, INIT_SCRIPTS, RUNIT_SERVICES, WIDENED } from '../rows/widened.ts';

const SERVER = `
import os, socket, time, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (2048, 4096))
os.chdir('/srv/work'); os.environ['STAGE'] = 'live'
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', 8001)); s.listen(7)
u = socket.socket(socket.AF_UNIX); u.bind('/run/app.sock'); u.listen(9)
r = socket.socket(socket.AF_UNIX); os.chdir('/srv/conf'); r.bind('rel.sock'); r.listen(9); os.chdir('/srv/work')
keep = [open('/dev/null') for _ in range(20)]
done, tell = os.pipe()
if os.fork() == 0: os.setuid(33); os.write(tell, b'x')
elif os.read(done, 1):
    with open('/run/app.pid', 'w') as f: f.write(str(os.getpid()) + '\\n')
    open('/run/ready', 'w').close()
os.close(done); os.close(tell)
time.sleep(1000)
`;
/** Opens its connection to the server before it forks two workers (`early`), or one in each of them (`late`). */
const CLIENT = `
import os, socket, sys, time
connect = lambda: socket.create_connection(('127.0.0.1', 8001))
if sys.argv[1] == 'early': c = connect()
for _ in range(2):
    if os.fork() == 0:
        if sys.argv[1] == 'late': c = connect()
        open('/run/' + sys.argv[1] + str(os.getpid()), 'w').close(); time.sleep(1000)
time.sleep(1000)
`;
const SETUP = `
set -e
mkdir -p /srv/work /srv/closed /srv/conf; ln -s /srv/conf /srv/current
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
printf '[Service]\nEnvironment=DATABASE_URL=postgresql://shop:s3cret-pw@db.internal:5432/items\nExecStart=/bin/sleep 1000\n' > /etc/systemd/system/told.service
systemctl daemon-reload; systemctl start noisy broken told
until systemctl is-failed -q broken; do sleep 0.1; done
`;

await tap.test('systemd: files, processes, ports, services and commands, each right and wrong', async (t) => {
  const machine = await liveInstance(t, 'widened');
  await machine.sh(SETUP);
  await machine.write('/srv/server.py', SERVER);
  await machine.sh('systemd-run -q --unit app python3 /srv/server.py');
  await until('the server listens', async () => (await machine.sh('ls /run')).includes('ready'));
  await machine.write('/srv/client.py', CLIENT);
  await machine.sh('for how in early late; do systemd-run -q --unit $how python3 /srv/client.py $how; done');
  await until('the clients are connected', async () => {
    const seen = await machine.sh('ls /run');
    return seen.match(/early\d/g)?.length === 2 && seen.match(/late\d/g)?.length === 2;
  });
  await becomes(machine, 'told', 'sleep');
  await becomes(machine, 'noisy', 'sleep');
  // Later by more than what start times are told from file times with.
  await machine.sh('sleep 1; touch /srv/later.ini');
  const hasAcl = (await machine.sh('ls /srv')).includes('acl');
  t.comment(`access lists: ${hasAcl ? 'yes' : 'not on this file system'}`);
  await checkTable(t, machine, [
    ...WIDENED,
    ...(hasAcl ? ACL : []),
    ...PROCESSES,
    ...ENVIRONMENTS,
    ...CONNECTIONS,
  ]);
});

/** Cron's first process writes its own pid, then the daemon that it leaves writes another one. */
const CRON_PID = 'cat /proc/$(cat /run/crond.pid)/comm || true';

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
  await checkTable(t, machine, RUNIT_SERVICES);
});

await tap.test('neither systemd nor runit is PID 1: init scripts', async (t) => {
  const machine = await liveInstance(t, 'sysv', {
    config: { image: 'galley/debian-12', init: 'none', intermediate_instructions: [] },
  });
  await machine.sh('service cron start; update-rc.d cron defaults');
  await until('cron has told its pid', async () => (await machine.sh(CRON_PID)).trim() === 'cron');
  await checkTable(t, machine, INIT_SCRIPTS);
});
