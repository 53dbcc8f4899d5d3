import tap from 'tap';
import { file, missing, ran, read } from '../../../../test/system-rows.ts';
import { crontab } from './cron.ts';
import { mergeSystemNeeds, networkPart, sysctlPath, systemRequest, systemSections } from './plan.ts';

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
