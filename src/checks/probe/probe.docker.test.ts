import tap from 'tap';
import { becomes, liveInstance, unprivileged, until } from '../../../test/live-instance.ts';
import type { Snapshot, SnapshotNeeds } from '../../core/snapshot.ts';
import { takeSnapshot } from './take-snapshot.ts';

const EVERYTHING: SnapshotNeeds = {
  processes: true,
  sockets: true,
  socketOwners: true,
  environ: [
    { key: 'SECRET', names: ['sleep', 'python3', 'busybox'] },
    { key: 'PATH', names: ['sleep', 'python3', 'busybox'] },
    { key: '*', names: ['sleep', 'python3', 'busybox'] },
  ],
  files: [
    { path: '/etc/hostname', content: true },
    { path: '/etc/nope', content: true },
    { path: '/etc/passwd/under-a-file', content: false },
    { path: '/srv/link', content: true },
    { path: '/srv/dangling', content: true },
    { path: '/srv/binary', content: true },
    { path: '/srv', content: true },
  ],
  globs: [
    { pattern: '/srv/l*', content: true },
    { pattern: '/srv/{binary,none}', content: false },
  ],
  logs: [
    { path: '/etc/hostname', from: 'start' },
    { path: '/etc/hostname', from: 'end' },
    { path: '/etc/nope', from: 'start' },
    { path: '/srv', from: 'end' },
  ],
  processDetails: true,
  units: ['cron', 'nope.service', 'odd'],
  unitProps: ['Restart', 'Nope'],
  unixPeers: ['/run/odd name.sock', '/run/none.sock'],
  resolve: ['localhost', 'no-such-host.invalid'],
  users: [
    { name: 'root', groups: true, sudo: true, keys: true },
    { name: 'nobody-there', groups: true, sudo: true, keys: true },
  ],
  groups: ['adm'],
  packages: [
    { name: 'cron', provider: 'system', folder: undefined, repo: true, verify: true },
    { name: 'x', provider: 'pip', folder: undefined, repo: false, verify: false },
    { name: 'x', provider: 'gem', folder: undefined, repo: false, verify: false },
    { name: 'x', provider: 'npm', folder: '/srv', repo: false, verify: false },
  ],
  mounts: [{ path: '/', usage: true }],
  sysctls: ['net.core.somaxconn', 'net.core.nope'],
  network: true,
  cron: true,
};

const SERVER = `
import os, socket, time
six = socket.socket(socket.AF_INET6); six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0); six.bind(('::', 8001)); six.listen(3)
only = socket.socket(socket.AF_INET6); only.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1); only.bind(('::', 8002)); only.listen(3)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(('127.0.0.1', 8003))
unix = socket.socket(socket.AF_UNIX); unix.bind('/run/odd name.sock'); unix.listen(3)
client = socket.socket(socket.AF_UNIX); client.connect('/run/odd name.sock'); accepted = unix.accept()
os.environ['SECRET'] = 'set at run time'
open('/run/ready', 'w').close()
time.sleep(1000)
`;

const ODD_UNIT = `[Service]
User=www-data
Environment=PLAIN=x "QUOTED=a b \\"c\\" $5 100%%" 'EMPTY='
ExecStart=/bin/sleep 1001
`;

/** Facts that two looks at the same machine must agree on. */
function comparable(snapshot: Snapshot): unknown {
  const { takenAt: _takenAt, via: _via, processes, mounts, ...rest } = snapshot;
  return {
    ...rest,
    mounts: mounts?.mounts,
    processes: processes.map(({ startedAt, rssKb: _rssKb, details, state, ...one }) => ({
      ...one,
      // Systemd and its like may just be at something.
      state: state === 'R' ? 'S' : state,
      startedAt: Math.round(startedAt) > 1e9,
      details: {
        ...details,
        openFiles: (details?.openFiles ?? -1) >= 0,
        oomScore: (details?.oomScore ?? -1) >= 0,
      },
    })),
  };
}

await tap.test('one look with perl, a second with the client’s ruby: the same facts', async (t) => {
  const machine = await liveInstance(t, 'twins', {
    needsClient: true,
    config: { cap_add: ['SYS_PTRACE'] },
  });
  const look = (needs: SnapshotNeeds) => takeSnapshot(machine.connection, needs, { client: machine.client });
  await machine.write('/srv/server.py', SERVER);
  await machine.write('/etc/systemd/system/odd.service', ODD_UNIT);
  await machine.sh(`
    ln -s /etc/hostname /srv/link; ln -s /nowhere /srv/dangling
    printf 'a\\000\\377\\303\\251"\\\\' > /srv/binary
    systemctl daemon-reload; systemctl start odd
    systemd-run -q --unit server python3 /srv/server.py
    systemd-run -q --unit static -E SECRET=block /bin/busybox sleep 1002`);
  await until('the server listens', async () => (await machine.sh('ls /run')).includes('ready'));
  await becomes(machine, 'static', 'busybox');
  await becomes(machine, 'odd', 'sleep');

  const perl = await look(EVERYTHING);
  t.equal(perl.via, 'exec (SYS_PTRACE), perl');
  t.same(perl.errors, {});
  t.same(perl.unreadableFds, []);

  const named = (comm: string) => perl.processes.find((one) => one.comm === comm);
  t.match(named('systemd'), { pid: 1, ppid: 0, user: 'root', unit: 'init.scope', state: /^[SR]$/ });
  t.match(named('sleep'), { args: ['/bin/sleep', '1001'], user: 'www-data', unit: 'odd.service', ppid: 1 });
  t.match(named('busybox'), { args: ['/bin/busybox', 'sleep', '1002'], unit: 'static.service' });
  t.equal(named('perl'), undefined, 'the probe does not see itself');
  t.equal(named('sh'), undefined, 'nor its launcher');
  t.ok(
    Math.abs((named('sleep')?.startedAt ?? 0) - perl.takenAt) < 600,
    'start times are on the same clock as takenAt',
  );

  const server = named('python3')?.pid;
  const listening = (port: number) => perl.sockets.find((one) => one.localPort === port);
  t.match(listening(8001), {
    family: 'ipv6',
    state: 'listen',
    localAddress: '::',
    v6only: false,
    pids: [server],
  });
  t.match(listening(8002), { family: 'ipv6', localAddress: '::', v6only: true });
  t.match(listening(8003), { protocol: 'udp', state: 'listen', localAddress: '127.0.0.1', pids: [server] });
  t.match(
    perl.sockets.find((one) => one.localAddress === '/run/odd name.sock' && one.state === 'listen'),
    { protocol: 'unix', state: 'listen', pids: [server] },
  );

  t.match(
    perl.sockets.filter((one) => one.peerPath !== undefined),
    [
      {
        protocol: 'unix',
        state: 'established',
        peerPath: '/run/odd name.sock',
        pids: [server],
        fds: [Number],
      },
    ],
  );

  const environ = (comm: string, key: string) =>
    perl.environ.find((one) => one.pid === named(comm)?.pid && one.key === key);
  t.match(environ('python3', 'SECRET'), { live: 'set at run time', atExec: null });
  t.match(environ('sleep', 'SECRET'), { live: null, atExec: null });
  t.match(environ('sleep', 'PATH'), { live: /\/usr\/bin/, atExec: /\/usr\/bin/ });
  t.match(environ('busybox', 'SECRET'), {
    live: undefined,
    liveError: 'no libc environ (static binary)',
    atExec: 'block',
  });

  const names = environ('python3', '*');
  t.match(names, { live: /^SECRET$/m, atExec: /^PATH$/m }, 'the names of all variables');
  t.notMatch(
    `${names?.live}${names?.atExec}`,
    /SECRET[^]*SECRET|=|set at run time|usr.bin/,
    'and only names',
  );

  const file = (path: string) => perl.files.find((one) => one.path === path);
  t.match(file('/etc/hostname'), {
    exists: true,
    type: 'file',
    content: 'twins\n',
    owner: 'root',
    mode: 0o644,
    sha256: /^[0-9a-f]{64}$/,
  });
  t.same(file('/etc/nope'), { path: '/etc/nope', exists: false });
  t.same(file('/etc/passwd/under-a-file'), { path: '/etc/passwd/under-a-file', exists: false });
  t.match(file('/srv/link'), { type: 'symlink', target: '/etc/hostname', content: 'twins\n', mode: 0o644 });
  t.match(file('/srv/dangling'), { exists: true, type: 'symlink', target: '/nowhere' });
  t.equal(file('/srv/binary')?.size, 7);
  t.match(file('/srv/binary')?.content, /^a\0/);
  t.match(file('/srv'), { type: 'directory', mode: 0o755 });
  t.ok((file('/srv')?.mtime ?? 0) % 1 > 0, 'times have a fraction');

  t.same(perl.globs, {
    '/srv/l*': { paths: ['/srv/link'], isCut: false },
    '/srv/{binary,none}': { paths: ['/srv/binary'], isCut: false },
  });
  const log = (path: string, from: string) =>
    perl.logs?.find((one) => one.path === path && one.from === from);
  t.match(log('/etc/hostname', 'start'), { text: 'twins\n', isCut: false, how: 'same', utcOffset: 0 });
  t.match(log('/etc/hostname', 'end'), { end: { size: 6, tailLength: 6, tail: Number, inode: Number } });
  t.match(log('/etc/nope', 'start'), { exists: false });
  t.match(log('/srv', 'end'), { exists: true, error: 'not a regular file' });
  t.match(named('sleep')?.details, { cwd: '/', oomScore: Number, openFiles: Number });
  t.ok((named('sleep')?.details?.limits?.['open files']?.soft ?? 0) > 0);
  t.match(listening(8001), { backlog: 3 });
  t.match(
    perl.sockets.find((one) => one.localAddress === '/run/odd name.sock' && one.state === 'listen'),
    { backlog: 3 },
  );

  const unit = (name: string) => perl.units.find((one) => one.unit === name);
  t.match(unit('cron'), {
    manager: 'systemd',
    known: true,
    active: 'active',
    sub: 'running',
    enabled: 'enabled',
  });
  t.match(unit('cron')?.props, { Restart: 'on-failure', InvocationID: /^[0-9a-f]{32}$/ });
  t.match(unit('nope.service'), { known: false });
  t.same(unit('odd')?.environment, { PLAIN: 'x', QUOTED: 'a b "c" $5 100%', EMPTY: '' });
  t.equal(unit('odd')?.mainPid, named('sleep')?.pid);
  t.same(perl.addresses?.['no-such-host.invalid'], []);
  t.ok(perl.addresses?.['localhost']?.includes('127.0.0.1'));

  t.match(perl.accounts?.passwords.get('root'), { value: /^(locked|set|none)$/ });
  t.match(perl.packages?.tables[0], { manager: 'dpkg' });
  t.ok((perl.packages?.tables[0]?.installed.length ?? 0) > 50);
  t.match(perl.packages?.tables[3], { error: 'no folder of Node modules in /srv' });
  t.match(
    perl.mounts?.mounts.find((one) => one.path === '/proc'),
    { fs: 'proc' },
  );
  t.match(perl.mounts?.usage.get('/'), { value: { percent: Number } });
  t.match(perl.sysctls, [
    { exists: true, value: /^\d+$/ },
    { exists: false, siblings: Array },
  ]);
  t.match(
    perl.interfaces?.find((one) => one.name === 'lo'),
    { up: true, addresses: ['127.0.0.1/8'] },
  );
  t.match(
    perl.routes?.find((one) => one.to === 'default'),
    { via: /^\d/, interface: 'eth0' },
  );
  t.ok(perl.cron?.some((one) => one.file === '/etc/crontab' && one.user === 'root'));

  await machine.sh('mv /usr/bin/perl /usr/bin/perl.hidden');
  const ruby = await look(EVERYTHING);
  t.equal(ruby.via, 'exec (SYS_PTRACE), ruby');
  t.same(comparable(ruby), comparable(perl));

  await machine.sh('mv /usr/bin/perl.hidden /usr/bin/perl');

  await machine.sh('for i in $(seq 300); do sleep 1000 & done');
  for (const needs of [{ processes: true, sockets: true }, EVERYTHING]) {
    await look(needs);
    const started = performance.now();
    const { processes } = await look(needs);
    t.comment(
      `${processes.length} processes, ${Object.keys(needs).length} sections: ${Math.round(performance.now() - started)} ms`,
    );
    t.ok(processes.length > 300);
  }
});

await tap.test(
  'without SYS_PTRACE a sidecar answers everything in one command, as the instance sees it',
  async (t) => {
    const machine = await liveInstance(t, 'sidecar', { config: { cap_drop: ['SYS_PTRACE'] } });
    await machine.write('/srv/server.py', SERVER);
    await machine.sh(
      'systemd-run -q --unit server -p User=root python3 /srv/server.py; systemd-run -q --unit sleeper -p User=www-data -E SECRET=s sleep 1001',
    );
    await until('the server listens', async () => (await machine.sh('ls /run')).includes('ready'));
    await becomes(machine, 'sleeper', 'sleep');
    let commands = 0;
    const counting = {
      ...machine.connection,
      execute: (...args: Parameters<typeof machine.connection.execute>) => {
        commands += 1;
        return machine.connection.execute(...args);
      },
    };
    const snapshot = await takeSnapshot(counting, EVERYTHING);
    t.equal(commands, 1);
    t.equal(snapshot.via, 'sidecar, perl');
    t.same(snapshot.errors, {});
    t.match(snapshot.files[0], { path: '/etc/hostname', content: 'sidecar\n' });
    t.match(snapshot.units[0], { unit: 'cron', active: 'active' });
    t.ok(snapshot.interfaces?.some((one) => one.name === 'eth0'));
    t.match(snapshot.sysctls?.[0], { exists: true });
    t.match(snapshot.packages?.tables[0], { manager: 'dpkg' });
    t.match(
      snapshot.mounts?.mounts.find((one) => one.path === '/etc/hostname'),
      { fs: /./ },
    );
    const sleep = snapshot.processes.find((one) => one.comm === 'sleep');
    t.match(sleep, { user: 'www-data' });
    t.match(
      snapshot.environ.find((one) => one.pid === sleep?.pid && one.key !== '*'),
      { live: 's', atExec: 's' },
    );
    t.match(
      snapshot.sockets.find((one) => one.localPort === 8002),
      { v6only: true, pids: [Number] },
    );
    t.notOk(
      snapshot.processes.some((one) => /perl|sidecar/.test(one.comm)),
      'the sidecar is not among the processes',
    );

    const plain = await takeSnapshot(unprivileged(machine.connection), EVERYTHING);
    t.equal(plain.via, 'exec, perl');
    const fact = plain.environ.find((one) => one.pid === sleep?.pid && one.key !== '*');
    t.match(fact, { live: undefined, liveError: /CAP_SYS_PTRACE/ });
    t.ok(plain.unreadableFds?.includes(sleep?.pid ?? 0), 'processes that could not be read are named');

    await machine.sh('mv /usr/bin/perl /usr/bin/perl.hidden');
    await t.rejects(takeSnapshot(machine.connection, { processes: true }), {
      code: 'check.probe_unavailable',
      message: /neither perl nor a ruby/,
    });
  },
);
