import tap from 'tap';
import { type CheckRow, checkTable } from '../check-table.ts';
import { liveInstance } from '../live-instance.ts';

/** What the rows below find: users, held and altered packages, folders of gems and modules, jobs. */
const SETUP = `
groupadd -g 1600 web; groupadd -g 1601 ops
useradd -u 1500 -g web -G ops,www-data -m -d /srv/app -s /bin/bash -c 'The app' app
useradd -u 1501 -M -d /nowhere -s /usr/sbin/nologin locked
useradd -u 1502 empty; passwd -d empty >/dev/null; echo 'app:x1x2x3' | chpasswd
mkdir -p /srv/app/.ssh
echo '# ours' > /srv/app/.ssh/authorized_keys
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOne deploy@ci' >> /srv/app/.ssh/authorized_keys
echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app
echo 'locked ALL=(root) /bin/systemctl restart app' > /etc/sudoers.d/locked
apt-mark hold cron >/dev/null
echo 'net/ipv4/tcp_rmem = 1' > /etc/sysctl.d/50-x.conf
cp /usr/sbin/cron /tmp/cron; echo changed >> /tmp/cron; mv /tmp/cron /usr/sbin/cron; echo '# changed' >> /etc/default/cron
mkdir -p /srv/venv/lib/python3.11/site-packages/Flask_SQLAlchemy-3.1.1.dist-info
mkdir -p /srv/gems/specifications; touch /srv/gems/specifications/rack-2.2.8.gemspec /srv/gems/specifications/rack-3.0.0.gemspec
mkdir -p /srv/web/node_modules/left-pad /srv/web/node_modules/@a/b
echo '{"name": "left-pad", "version": "1.3.0"}' > /srv/web/node_modules/left-pad/package.json
echo '{"name": "@a/b", "version": "0.1.0-rc.1"}' > /srv/web/node_modules/@a/b/package.json
printf 'MAILTO=x\\n# no job\\n*/5 0 * * 1-5  www-data  /srv/app/bin/report --all\\n@daily app DB_PASSWORD=hunter2 /srv/app/bin/clean\\n' > /etc/cron.d/app
printf '0 3 * * * root /srv/app/bin/ignored\\n' > /etc/cron.d/app.conf
printf '#!/bin/sh\\n' > /etc/cron.daily/sweep; printf '#!/bin/sh\\n' > /etc/cron.daily/idle; chmod +x /etc/cron.daily/sweep
echo '15 4 * * * /srv/app/bin/own' | crontab -u app -`;

const USERS: readonly CheckRow[] = [
  [{ user: 'app' }, 'pass', /uid 1500, gid 1600, \/srv\/app, \/bin\/bash/],
  [{ user: 'app', uid: 1500, gid: 1600, group: 'web', home: '/srv/app', shell: '/bin/bash' }, 'pass'],
  [{ user: 'app', comment: 'The app', groups: { exactly: ['web', 'ops', 'www-data'] } }, 'pass'],
  [{ user: 'app', locked: false, password: 'set', sudo: true, keys: { length: 1 } }, 'pass'],
  [{ user: 'app', keys: { contains: 'deploy@ci' } }, 'pass', /\/srv\/app\/\.ssh\/authorized_keys, /],
  [{ user: 'app', uid: 1 }, 'fail', /1500/],
  [{ user: 'app', gid: 1 }, 'fail', /1600/],
  [{ user: 'app', group: 'app' }, 'fail', /web/],
  [{ user: 'app', groups: 'sudo' }, 'fail', /ops/],
  [{ user: 'app', groups: { none: 'ops' } }, 'fail', /found: "ops"/],
  [{ user: 'app', home: '/home/app' }, 'fail', /\/srv\/app/],
  [{ user: 'app', shell: { endsWith: 'nologin' } }, 'fail', /\/bin\/bash/],
  [{ user: 'app', comment: 'x' }, 'fail'],
  [{ user: 'app', locked: true }, 'fail', /its password is set/],
  [{ user: 'app', sudo: false }, 'fail', /rule: \(ALL\) NOPASSWD: ALL/],
  [{ user: 'app', keys: { absent: true } }, 'fail', /deploy@ci/],
  [{ user: 'app', exists: false }, 'fail', /uid 1500/],
  [{ user: 'appp' }, 'fail', /there is a user app/],
  [{ user: 'web' }, 'fail', /there is a group web/],
  [{ user: 'appp', exists: false }, 'pass'],
  [{ user: 'locked', locked: true, password: 'locked', sudo: false, keys: { absent: true } }, 'pass'],
  [{ user: 'locked', sudo: ['(root) /bin/systemctl restart app'] }, 'pass'],
  [{ user: 'locked', sudo: { absent: true } }, 'fail', /systemctl/],
  [{ user: 'locked', sudo: true }, 'fail', /rule: \(root\) \/bin\/systemctl/],
  [{ user: 'empty', password: 'none', sudo: { absent: true } }, 'pass'],
  [{ user: 'empty', password: { not: 'none' } }, 'fail', /"none"/],
  [{ group: 'ops', gid: 1601, members: { exactly: ['app'] } }, 'pass'],
  [{ group: 'web', members: 'app' }, 'pass'],
  [{ group: 'web', gid: { lt: 1000 } }, 'fail', /1600/],
  [{ group: 'ops', members: 'nobody' }, 'fail', /app/],
  [{ group: 'opps' }, 'fail', /there is a group ops/],
  [{ group: 'opps', exists: false }, 'pass'],
  [{ group: 'ops', exists: false }, 'fail', /gid 1601, app/],
];

const PACKAGES: readonly CheckRow[] = [
  [{ package: 'cron', version: { startsWith: '3.0' }, held: true }, 'pass', /true/],
  [{ package: 'cron', version: { gte: '3.0pl1', lt: '1:0' } }, 'pass', /compared as dpkg does/],
  [{ package: 'cron', version: { semver: '^3' }, architecture: { not: 'all' } }, 'pass'],
  [{ package: 'perl-base', files: { verify: true }, held: false }, 'pass'],
  [{ package: 'cron', files: { verify: { exactly: ['/usr/sbin/cron', '/etc/default/cron'] } } }, 'pass'],
  [{ package: 'cron', files: { verify: true } }, 'fail', /\/usr\/sbin\/cron was changed/],
  [{ package: 'perl-base', files: { verify: false } }, 'fail', /no file was changed/],
  [{ package: 'cron', version: '3.0pl1' }, 'fail', /a literal is the whole version/],
  [{ package: 'cron', version: { gt: '1:1' } }, 'fail', /3\.0pl1/],
  [{ package: 'cron', version: { semver: '>=4' } }, 'fail', /converted to 3\.0\.0/],
  [{ package: 'cron', version: { gt: '4' } }, 'fail', /^"3\.0pl1[^]*cause: apt/],
  [{ package: 'cron', held: false }, 'fail', /true/],
  [{ package: 'cron', architecture: 'all' }, 'fail'],
  [{ package: 'cron', installed: false }, 'fail', /installed \(3\.0pl1/],
  [{ package: 'crom' }, 'fail', /cron is installed/],
  [{ package: 'telnetd', installed: false }, 'pass', /not installed\ndpkg/],
  [{ package: 'cron', repo: { contains: 'bookworm' } }, 'error', /lists of packages/],
  [
    { package: { name: 'flask-sqlalchemy', provider: 'pip', in: '/srv/venv' }, version: { gte: '3.1' } },
    'pass',
  ],
  [{ package: { name: 'flask', provider: 'pip', in: '/srv/venv' } }, 'fail', /pip in \/srv\/venv\/lib/],
  [
    { package: { name: 'flask', provider: 'pip', in: '/srv/none' }, installed: false },
    'error',
    /no folder of Python/,
  ],
  [
    { package: { name: 'rack', provider: 'gem', in: '/srv/gems' }, version: { each: { semver: '>=2.2' } } },
    'pass',
  ],
  [
    { package: { name: 'rack', provider: 'gem', in: '/srv/gems' }, version: { exactly: ['2.2.8'] } },
    'fail',
    /3\.0\.0/,
  ],
  [{ package: { name: 'rails', provider: 'gem', in: '/srv/gems' }, installed: false }, 'pass'],
  [{ package: { name: 'left-pad', provider: 'npm', in: '/srv/web' }, version: '1.3.0' }, 'pass'],
  [{ package: { name: '@a/b', provider: 'npm', in: '/srv/web' }, version: { lt: '0.1.0' } }, 'pass'],
  [{ package: { name: 'left-padd', provider: 'npm', in: '/srv/web' } }, 'fail', /left-pad is installed/],
  [{ package: { name: 'x', provider: 'npm' }, installed: false }, 'error', /no folder of Node modules/],
];

const MACHINE: readonly CheckRow[] = [
  [
    { mount: '/dev/shm', fs: 'tmpfs', options: ['nosuid', 'noexec'], size: { gt: 1 }, usage: { lt: 100 } },
    'pass',
  ],
  [{ mount: '/etc/hostname', source: { startsWith: '/' }, free: { gte: 0 } }, 'pass'],
  [{ mount: '/dev/shm', fs: 'ext4' }, 'fail', /"tmpfs"/],
  [{ mount: '/dev/shm', source: '/dev/sda1' }, 'fail'],
  [{ mount: '/dev/shm', options: 'ro' }, 'fail', /nosuid/],
  [{ mount: '/dev/shm', usage: { gt: 100 } }, 'fail', /free/],
  [{ mount: '/dev/shm', free: { lt: 0 } }, 'fail'],
  [{ mount: '/dev/shm', size: 1 }, 'fail'],
  [{ mount: '/dev/shm', mounted: false }, 'fail', /tmpfs of/],
  [{ mount: '/data' }, 'fail', /it lies in \/ /],
  [{ mount: '/data/', mounted: false }, 'pass'],
  [{ sysctl: 'net.core.somaxconn', value: { gte: 1 } }, 'pass'],
  [{ sysctl: 'net/core/somaxconn', value: { gte: 1 }, exists: true }, 'pass'],
  [
    { sysctl: 'net.ipv4.tcp_rmem', value: '1' },
    'fail',
    /50-x\.conf:net\/ipv4\/tcp_rmem = 1[^]*nobody has loaded/,
  ],
  [{ sysctl: 'net.ipv4.tcp_rmem', value: '/^\\d+ \\d+ \\d+$/' }, 'pass'],
  [
    { sysctl: 'net.core.somaxconn', value: 1 },
    'fail',
    /\/proc\/sys\/net\/core\/somaxconn[^]*no file of sysctl\.d sets it/,
  ],
  [{ sysctl: 'net.core.somaxcon', value: 1 }, 'error', /there is net\.core\.somaxconn/],
  [{ sysctl: 'net.core.somaxcon', value: { not: '1' } }, 'error', /does not know/],
  [{ sysctl: 'net.core.somaxcon', exists: false }, 'pass'],
  [{ sysctl: 'net.core.somaxconn', exists: false }, 'fail', /exists, value/],
  [{ sysctl: 'net.ipv4.route.flush', value: { absent: true } }, 'error', /Permission|Invalid|denied/i],
  [{ interface: 'lo', up: true, mtu: { gte: 1500 }, addresses: ['127.0.0.1'], mac: '/^00:/' }, 'pass'],
  [{ interface: 'eth0', up: true, state: 'up', addresses: { contains: '.' } }, 'pass'],
  [{ interface: 'lo', addresses: { exactly: ['127.0.0.1/8'] } }, 'pass'],
  [{ interface: 'lo', up: false }, 'fail', /up \(unknown\), mtu/],
  [{ interface: 'eth0', state: 'down' }, 'fail', /"up"/],
  [{ interface: 'eth0', mtu: 9 }, 'fail', /1500/],
  [{ interface: 'eth0', mac: '00:00:00:00:00:00' }, 'fail'],
  [{ interface: 'eth0', addresses: '127.0.0.1' }, 'fail', /lo has 127\.0\.0\.1\/8/],
  [{ interface: 'eth1' }, 'fail', /there are: lo, eth0/],
  [{ interface: 'eth1', exists: false }, 'pass'],
  [{ interface: 'eth0', exists: false }, 'fail'],
  [{ route: 'default', via: '/^\\d+\\./', interface: 'eth0', metric: 0, type: 'unicast' }, 'pass'],
  [{ route: '127.0.0.0/8', table: 'local', source: '127.0.0.1', type: 'local' }, 'pass'],
  [{ route: 'default', via: '10.255.255.1' }, 'fail', /default via/],
  [{ route: 'default', interface: 'eth9' }, 'fail', /eth0/],
  [{ route: 'default', metric: 100 }, 'fail'],
  [{ route: 'default', source: '1.2.3.4' }, 'fail', /not set/],
  [{ route: 'default', type: 'blackhole' }, 'fail', /unicast/],
  [{ route: '10.99.0.0/16' }, 'fail', /there are: default via/],
  [{ route: '10.99.0.0/16', exists: false }, 'pass'],
  [{ route: 'default', exists: false }, 'fail', /via/],
];

const JOBS: readonly CheckRow[] = [
  [{ cron: '/srv/app/bin/report', schedule: '*/5 0 * * 1-5', user: 'www-data' }, 'pass'],
  [{ cron: 'bin/clean', schedule: '0 0 * * *', user: 'app', file: '/etc/cron.d/app' }, 'pass'],
  [{ cron: { file: '/etc/cron.d/app' }, count: 2 }, 'pass'],
  [
    { cron: { command: 'bin/own', user: 'app' }, command: '/srv/app/bin/own', schedule: '15 4 * * *' },
    'pass',
  ],
  [{ cron: '/etc/cron.daily/sweep', schedule: '@daily', user: 'root' }, 'pass'],
  [{ cron: { file: 'systemd-tmpfiles-clean.timer' }, command: { contains: 'tmpfiles' } }, 'pass'],
  [{ cron: { file: 'dpkg-db-backup.timer' }, schedule: '*-*-* 00:00:00' }, 'pass'],
  [{ cron: 'bin/report', schedule: '@hourly' }, 'fail', /\*\/5 0/],
  [{ cron: 'bin/report', user: 'root' }, 'fail', /www-data/],
  [{ cron: 'bin/report', command: { contains: '--some' } }, 'fail', /--all/],
  [{ cron: 'bin/report', file: '/etc/crontab' }, 'fail', /cron\.d\/app/],
  [{ cron: { file: '/etc/cron.d/app' }, count: 1 }, 'fail', /^2/],
  [{ cron: { file: '/etc/cron.d/app' }, user: 'app' }, 'fail', /1 of 2 so/],
  [{ cron: 'bin/ignored' }, 'fail', /never runs: cron leaves out files/],
  [{ cron: '/etc/cron.daily/idle' }, 'fail', /not executable/],
  [{ cron: 'bin/nothing' }, 'fail', /other jobs/],
  [{ cron: 'bin/nothing', exists: false }, 'pass'],
  [{ cron: 'bin/own', exists: false }, 'fail', /15 4/],
  [{ cron: 'bin/clean', exists: false }, 'fail', /DB_PASSWORD=‹7 chars›/],
];

await tap.test(
  'users, packages, mounts, the network and jobs of a real machine',
  { timeout: 90_000 },
  async (t) => {
    const live = await liveInstance(t, 'system');
    await live.sh(SETUP);
    const looks = await checkTable(t, live, [...USERS, ...PACKAGES, ...MACHINE, ...JOBS]);
    t.equal(looks, 1, 'all of it in one look');

    await live.sh(`mv /var/lib/dpkg/status /var/lib/dpkg/status.away; mkdir -p /lib/apk/db
    printf 'P:nginx\\nV:1.24.0-r6\\nA:x86_64\\n\\nP:musl\\nV:1.2.4-r2\\nA:x86_64\\n' > /lib/apk/db/installed
    printf 'nginx=1.24.0-r6\\n' > /etc/apk-world; mkdir -p /etc/apk; mv /etc/apk-world /etc/apk/world`);
    await checkTable(t, live, [
      [{ package: 'nginx', version: { gt: '1.24.0-r5', lt: '1.24.0-r10' }, held: true }, 'pass'],
      [{ package: 'musl', held: true }, 'fail'],
      [{ package: 'cron' }, 'fail', /apk/],
      [{ package: 'nginx', files: { verify: true } }, 'error', /apk cannot verify/],
    ]);
    await live.sh(
      'rm -r /lib/apk; mv /etc/shadow /etc/shadow.away; mv /usr/bin/df /usr/bin/df.away; mv /etc/group /etc/group.away',
    );
    await checkTable(t, live, [
      [{ package: 'telnetd', installed: false }, 'error', /neither dpkg, rpm nor apk/],
      [{ mount: '/dev/shm', usage: { not: 100 } }, 'error', /df is not on the instance/],
      [{ group: 'nope', exists: false }, 'error', /\/etc\/group: does not exist/],
    ]);
    await live.sh('mv /etc/group.away /etc/group; mv /usr/bin/sudo /usr/bin/sudo.away');
    await checkTable(t, live, [
      [{ user: 'app', locked: false }, 'error', /\/etc\/shadow/],
      [{ user: 'app', sudo: false }, 'pass'],
    ]);
  },
);
