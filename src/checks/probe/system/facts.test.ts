import tap from 'tap';
import type { SystemFacts } from '../../../core/system-facts.ts';
import { parseRows } from '../rows.ts';
import { crontab } from './cron.ts';
import { type SystemReading, systemFacts } from './facts.ts';
import { mergeSystemNeeds, networkPart, sysctlPath, systemRequest, systemSections } from './plan.ts';

type Field = string | number | null | readonly string[];
const read = (...rows: readonly (readonly Field[])[]): SystemReading => {
  const texts = rows.map((row) =>
    JSON.stringify(row.map((field) => (typeof field === 'number' ? `${field}` : field))),
  );
  return systemFacts(parseRows([...texts, '["end"]'].join('\n')), 'little');
};
const file = (path: string, text: string): Field[] => ['g', path, path, 1, text, 0, null];
const ran = (id: string, text: string, code = 0): Field[] => ['c', id, 'ran', text, code];
const missing = (id: string): Field[] => ['c', id, 'missing', null, 127];

const PASSWD = file('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\napp::7:7:::\nnis-line\n+::::::\n');
const GROUP = file('/etc/group', 'root:x:0:\napp:x:7:\nweb:x:8:app,x\n');

await tap.test('accounts: local, remote, unreadable', (t) => {
  const { facts, errors } = read(
    PASSWD,
    GROUP,
    ['w', 'root', 'locked', null],
    ['w', 'app', 'absent', null],
    ['w', 'ldap', 'absent', '/etc/shadow: Permission denied'],
    ran('passwd ldap', 'ldap:*:9000:9000:From afar:/home/ldap:/bin/bash\n'),
    ran('passwd nope', '', 2),
    missing('id app'),
    ran('id ldap', 'ldap admins\n'),
    ran(
      'sudo root',
      'Matching Defaults entries for root on x:\n    env_reset\n\nUser root may run the following commands on x:\n    (ALL :  ALL) ALL\n',
    ),
    ran('sudo app', 'User app is not allowed to run sudo on x.\n'),
    ran('sudo nope', 'sudo: unknown user nope\n', 1),
    missing('sudo gone'),
    ran(
      'keys app',
      'absent /home/app/.ssh/authorized_keys2\nfile /home/app/.ssh/authorized_keys\n# us\nssh-rsa AAAA me\n\n',
    ),
    ran('keys nope', '', 3),
  );
  t.same(errors, {});
  const { accounts } = facts;
  t.same(
    accounts?.users.map((one) => [one.name, one.uid, one.isRemote === true]),
    [
      ['root', 0, false],
      ['app', 7, false],
      ['ldap', 9000, true],
    ],
  );
  t.same(accounts?.passwords.get('root'), { value: 'locked' });
  t.same(
    accounts?.passwords.get('app'),
    { value: 'none' },
    'an empty field of /etc/passwd is an empty password',
  );
  t.match(accounts?.passwords.get('ldap'), { error: /Permission denied/ });
  t.same(accounts?.groupsOf.get('app'), { value: ['app', 'web'] }, 'without id, from the files');
  t.same(accounts?.groupsOf.get('ldap'), { value: ['ldap', 'admins'] });
  t.same(accounts?.sudo.get('root'), { value: ['(ALL : ALL) ALL'] });
  t.same(accounts?.sudo.get('app'), { value: [] });
  t.match(accounts?.sudo.get('nope'), { error: /unknown user/ });
  t.same(accounts?.sudo.get('gone'), { value: [] });
  t.same(accounts?.keys.get('app'), {
    value: {
      lines: ['ssh-rsa AAAA me'],
      files: ['/home/app/.ssh/authorized_keys2 (absent)', '/home/app/.ssh/authorized_keys'],
    },
  });
  t.match(accounts?.keys.get('nope'), { error: /no home/ });
  t.same([...(accounts?.unsure ?? [])], []);
  const ldap = file('/etc/nsswitch.conf', 'passwd: files [NOTFOUND=continue] sss\ngroup:  files systemd\n');
  const rows = [missing('passwd far'), missing('passwd app'), missing('group far')];
  t.same(
    [...(read(PASSWD, GROUP, ldap, ...rows).facts.accounts?.unsure ?? [])],
    [['passwd far', 'getent is not on the instance and nsswitch.conf names sss']],
  );
  t.match(
    [...(read(PASSWD, GROUP, ['c', 'group far', 'timeout', null, -1]).facts.accounts?.unsure ?? [])],
    [['group far', /longer than 10 s/]],
  );
  t.match(read(PASSWD, ['g', '/etc/group', '/etc/group', 1, null, 0, 'Permission denied']).errors, {
    accounts: '/etc/group: Permission denied',
  });
  t.end();
});

const packages = (key: string, text: string, ...more: Field[][]): SystemFacts['packages'] =>
  read(ran(`packages ${key}`, text), ...more).facts.packages;
const SYSTEM = '["system",""]';

await tap.test('packages of dpkg, rpm and apk', (t) => {
  const dpkg = packages(
    SYSTEM,
    'manager dpkg\na\tamd64\thold\tinstalled\t1:2-3\nb\tall\tdeinstall\tconfig-files\t1\nc\tall\tunknown\tnot-installed\t\nd\tall\tinstall\ttriggers-pending\t4\n',
  )?.tables[0];
  t.match(dpkg, {
    manager: 'dpkg',
    installed: [
      { name: 'a', version: '1:2-3', held: true },
      { name: 'd', held: false },
    ],
    leftovers: [{ name: 'b', state: 'config-files' }],
  });
  const rpm = packages(
    SYSTEM,
    'manager rpm\nlock 0:nginx-1.20\nlock nginx-1:1.20.1-1.el9.*\nnginx\tx86_64\tinstall\tinstalled\t1:1.20.1-1.el9\nnginx-core\tx86_64\tinstall\tinstalled\t1:1.20.1-1.el9\n',
  )?.tables[0];
  t.match(rpm?.installed, [{ name: 'nginx', version: '1:1.20.1-1.el9', held: true }, { held: false }]);
  const apk = packages(
    SYSTEM,
    'manager apk\nlock nginx=1.24.0-r6\nlock musl\nP:nginx\nV:1.24.0-r6\nA:x86_64\nP:musl\nV:1\n',
  );
  t.match(apk?.tables[0]?.installed, [
    { name: 'nginx', version: '1.24.0-r6', architecture: 'x86_64', held: true },
    { name: 'musl', held: false },
  ]);
  t.match(packages(SYSTEM, 'manager none: neither dpkg\n')?.tables[0], {
    error: 'neither dpkg',
    installed: [],
  });
  t.match(read(['c', `packages ${SYSTEM}`, 'timeout', null, -1]).facts.packages?.tables[0], {
    error: /longer than 10 s/,
  });
  t.end();
});

await tap.test('packages of gem, pip and npm are read from their folders', (t) => {
  const gem = packages(
    '["gem",""]',
    'dir /g\nspec nokogiri-1.13.10-x86_64-linux.gemspec\nspec rspec-core-3.0.0.rc1.gemspec\n',
  );
  t.match(gem?.tables[0]?.installed, [
    { name: 'nokogiri', version: '1.13.10' },
    { name: 'rspec-core', version: '3.0.0.rc1' },
  ]);
  const pip = packages(
    '["pip","/v"]',
    'dir /v\nspec PyYAML-6.0.egg-info\nspec zope.interface-5.5-py3.11.egg-info\nspec Flask_SQLAlchemy-3.1.1.dist-info\n',
  );
  t.match(pip?.tables[0]?.installed, [
    { name: 'pyyaml', version: '6.0' },
    { name: 'zope-interface', version: '5.5' },
    { name: 'flask-sqlalchemy', version: '3.1.1' },
  ]);
  const npm = packages(
    '["npm","/w"]',
    'dir /w/node_modules\njson {"name":"a","version":"1.0.0"}\njson {broken\nname a/package.json\nname @s/b/package.json\n',
  );
  t.match(npm?.tables[0]?.installed, [
    { name: 'a', version: '1.0.0' },
    { name: '@s/b', version: '' },
  ]);
  t.match(packages('["npm","/w"]', '')?.tables[0], { error: 'no folder of Node modules in /w' });
  t.end();
});

const POLICY = `manager dpkg
cron:
  Installed: 3.0pl1-162
  Candidate: 3.0pl1-163
  Version table:
     3.0pl1-163 500
        500 http://mirror/debian sid/main amd64 Packages
 *** 3.0pl1-162 500
        500 http://mirror/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
     3.0pl1-100 -1
        -1 http://old/debian buster/main amd64 Packages
`;

await tap.test('the repository of the installed version, and changed files', (t) => {
  const repo = (text: string, code = 0): unknown =>
    packages(SYSTEM, 'manager dpkg\n', ran('repo x', text, code))?.repos.get('x');
  t.same(repo(POLICY), { value: ['http://mirror/debian bookworm/main amd64'] });
  t.same(repo(POLICY.replace(/.*bookworm.*\n/, '')), { value: [] }, 'from no repository that is known');
  t.match(repo('manager dpkg\nx:\n  Version table:\n *** 1 100\n        100 /var/lib/dpkg/status\n'), {
    error: /lists/,
  });
  t.same(repo('apt-cache is missing\n', 9), { error: 'apt-cache is missing' });
  t.same(repo('manager rpm\nappstream\n'), { value: ['appstream'] });
  const changed = (text: string, code = 0): unknown =>
    packages(SYSTEM, 'manager dpkg\n', ran('verify x', text, code))?.changed.get('x');
  t.same(
    changed(`manager dpkg
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
sums /var/lib/dpkg/info/x.md5sums
missing     /usr/share/doc/x/README
missing     /usr/share/doc/x/copyright
missing   c /etc/x
??5??????   /usr/bin/x y
`),
    {
      value: [
        { path: '/usr/share/doc/x/copyright', isConfig: false, isMissing: true },
        { path: '/etc/x', isConfig: true, isMissing: true },
        { path: '/usr/bin/x y', isConfig: false, isMissing: false },
      ],
    },
  );
  t.same(changed('manager rpm\nS.5......  c /etc/hello.conf\n.......T.    /opt/b\nmissing     /opt/c\n'), {
    value: [
      { path: '/etc/hello.conf', isConfig: true, isMissing: false },
      { path: '/opt/c', isConfig: false, isMissing: true },
    ],
  });
  t.match(changed('manager dpkg\n'), { error: /no digests/ });
  t.match(changed('manager rpm\npackage x is not installed\n', 1), { error: /not installed/ });
  t.end();
});

await tap.test('mounts: the last one counts, odd characters, a read-only bind mount, no size', (t) => {
  const table = file(
    '/proc/1/mountinfo',
    `22 1 0:21 / / rw,relatime - ext4 /dev/sda1 rw
23 22 0:22 / /data rw - tmpfs first rw
24 22 8:1 /sub /data ro,noatime master:1 - ext4 /dev/sdb1 rw,errors=remount-ro
25 22 0:30 / /with\\040space rw - nfs4 host:/a\\040b rw
`,
  );
  const { mounts } = read(
    table,
    ran('df /', 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 1000 200 700 23% /\n'),
    ran('df /proc', 'Filesystem 1024-blocks Used Available Capacity Mounted on\nproc 0 0 0 - /proc\n'),
    missing('df /x'),
  ).facts;
  t.match(mounts?.mounts, [
    { path: '/' },
    {
      path: '/data',
      fs: 'ext4',
      source: '/dev/sdb1',
      root: '/sub',
      options: ['ro', 'noatime', 'errors=remount-ro'],
    },
    { path: '/with space', source: 'host:/a b' },
  ]);
  t.same(mounts?.usage.get('/'), { value: { totalKb: 1000, freeKb: 700, percent: 23 } });
  t.match(mounts?.usage.get('/proc'), { error: /without a size/ });
  t.match(mounts?.usage.get('/x'), { error: 'df is not on the instance' });
  t.match(read(['g', '/proc/1/mountinfo', '/proc/1/mountinfo', 0, null, 0, 'Permission denied']).errors, {
    mounts: '/proc/1/mountinfo: Permission denied',
  });
  t.end();
});

/** Made by the kernel: `ip link add br0`-like messages would do as well. Two links, two addresses, three routes. */
const u32 = (n: number): string => Buffer.from(new Uint32Array([n]).buffer).toString('hex');
const attribute = (type: number, hex: string): string => {
  const length = 4 + hex.length / 2;
  const head = Buffer.from(new Uint16Array([length, type]).buffer).toString('hex');
  return head + hex + '00'.repeat((4 - (length % 4)) % 4);
};
const message = (type: number, body: string): string =>
  u32(16 + body.length / 2) +
  Buffer.from(new Uint16Array([type, 2]).buffer).toString('hex') +
  u32(1) +
  u32(0) +
  body;

await tap.test('netlink: links, addresses and routes', (t) => {
  const name = (text: string): string => attribute(3, Buffer.from(`${text}\0`).toString('hex'));
  const link = (index: number, flags: number, rest: string): string =>
    message(16, `00000100${u32(index)}${u32(flags)}${u32(0)}${rest}`);
  const links =
    link(1, 0x49, name('lo') + attribute(4, u32(65536))) +
    link(
      2,
      0x1002,
      name('eth0') + attribute(4, u32(1500)) + attribute(1, '0242ac110002') + attribute(16, '02'),
    );
  const addresses =
    message(20, `02080000${u32(1)}${attribute(1, '7f000001')}`) +
    message(20, `0a400000${u32(2)}${attribute(1, 'fe800000000000000000000000000001')}`);
  const route = (head: string, rest: string): string => message(24, head + rest);
  const routes =
    route(
      `02000000fe030001${u32(0)}`,
      attribute(5, '0a000001') + attribute(4, u32(2)) + attribute(6, u32(100)),
    ) +
    route(
      `02080000ff030002${u32(0)}`,
      attribute(1, '7f000000') + attribute(15, u32(1000)) + attribute(7, '7f000001'),
    ) +
    route(`0a000000fe030001${u32(0x200)}`, '') +
    route(`02100000fe030006${u32(0)}`, attribute(1, '0a090000'));
  const { facts } = read(
    ['n', 18, links],
    ['n', 18, message(3, u32(0))],
    ['n', 22, addresses],
    ['n', 26, routes],
  );
  t.match(facts.interfaces, [
    { name: 'lo', up: true, mtu: 65536, addresses: ['127.0.0.1/8'] },
    { name: 'eth0', up: false, state: 'down', mac: '02:42:ac:11:00:02', addresses: ['fe80::1/64'] },
  ]);
  t.match(facts.routes, [
    { to: 'default', via: '10.0.0.1', interface: 'eth0', metric: 100, table: 'main', type: 'unicast' },
    { to: '127.0.0.0/8', source: '127.0.0.1', table: '1000', type: 'local' },
    { to: '10.9.0.0/16', type: 'blackhole', interface: undefined },
  ]);
  t.equal(facts.routes?.length, 3, 'cached routes are left out');
  t.end();
});

await tap.test('crontabs: settings are no jobs, and each kind of line', (t) => {
  const text = `SHELL=/bin/sh
# 0 0 * * * root no
  0 5 * * 1   root\tcd / && run  it
@reboot app /bin/up
*/5 1-3 1,15 * mon-fri app x
broken line
`;
  t.match(crontab('/etc/crontab', text, undefined), [
    { schedule: '0 5 * * 1', user: 'root', command: 'cd / && run  it' },
    { schedule: '@reboot', user: 'app', command: '/bin/up' },
    { schedule: '*/5 1-3 1,15 * mon-fri', user: 'app', command: 'x' },
  ]);
  t.match(crontab('/var/spool/cron/crontabs/app', '0 1 * * * a b c\n', 'app'), [
    { user: 'app', command: 'a b c' },
  ]);
  t.match(crontab('/etc/cron.d/a.dpkg-new', '0 1 * * * root a\n', undefined), [{ ignored: /leaves out/ }]);
  t.end();
});

await tap.test('timers, folders and what could not be read', (t) => {
  const timers = ran(
    'timers',
    `Id=a.timer
Unit=a.service
TimersCalendar={ OnCalendar=*-*-* 06:00:00 ; next_elapse=n/a }
TimersMonotonic={ OnBootUSec=15min ; next_elapse=0 }
ActiveState=active

Id=b.timer
Unit=b.service
ActiveState=inactive
-----
Id=a.service
ExecStart={ path=/bin/a ; argv[]=/bin/a --b c ; ignore_errors=no }
User=app
`,
  );
  const { cron } = read(timers, [
    'd',
    '/etc/cron.daily',
    1,
    ['.placeholder', 'a', 'b.sh'],
    ['a', 'b.sh'],
    null,
  ]).facts;
  t.match(cron, [
    { schedule: '@daily', command: '/etc/cron.daily/a' },
    { command: '/etc/cron.daily/b.sh', ignored: /run-parts/ },
    { schedule: '*-*-* 06:00:00, OnBootUSec=15min', user: 'app', command: '/bin/a --b c', file: 'a.timer' },
    { file: 'b.timer', ignored: 'the timer is inactive' },
  ]);
  const denied = read(timers, [
    'g',
    '/var/spool/cron/*',
    '/var/spool/cron/app',
    1,
    null,
    0,
    'Permission denied',
  ]);
  t.match(denied.errors, { cron: '/var/spool/cron/app: Permission denied' });
  t.match(read(ran('timers', 'Failed to connect to bus', 1)).errors, { cron: /Failed to connect/ });
  t.end();
});

await tap.test('needs become a request, each script once; names of kernel parameters become paths', (t) => {
  const one = { name: 'a', provider: 'system', folder: undefined, repo: true, verify: false } as const;
  const merged = mergeSystemNeeds([
    { packages: [one] },
    {
      packages: [
        { ...one, repo: false, verify: true },
        { ...one, name: 'b' },
      ],
      network: true,
    },
    { users: [{ name: 'x', groups: true, sudo: false, keys: false }] },
    { users: [{ name: 'x', groups: false, sudo: true, keys: false }], mounts: [{ path: '/', usage: true }] },
    { mounts: [{ path: '/', usage: false }], sysctls: ['a.b'] },
  ]);
  t.match(merged, {
    packages: [{ name: 'a', repo: true, verify: true }, { name: 'b' }],
    users: [{ name: 'x', groups: true, sudo: true, keys: false }],
    mounts: [{ path: '/', usage: true }],
  });
  const request = systemRequest(merged);
  t.same(
    request.filter(([kind]) => kind === 'T').map(([, name]) => name),
    ['system', 'repo', 'verify'],
  );
  t.same(
    request.filter(([, id]) => id?.startsWith('packages ')),
    [['X', 'packages ["system",""]', 'script:system', '', 'a', 'b']],
  );
  t.same(systemSections(merged), ['accounts', 'packages', 'mounts', 'sysctls', 'network']);
  t.same(networkPart(merged), { sysctls: ['a.b'], network: true });
  t.equal(sysctlPath('net.core.somaxconn'), '/proc/sys/net/core/somaxconn');
  t.equal(sysctlPath('net/ipv4/conf/eth0.1/forwarding'), '/proc/sys/net/ipv4/conf/eth0.1/forwarding');
  t.equal(sysctlPath('net.ipv4.conf.eth0/1.forwarding'), '/proc/sys/net/ipv4/conf/eth0.1/forwarding');
  t.end();
});
