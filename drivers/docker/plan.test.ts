import tap from 'tap';
import { DockerConfig } from './config.ts';
import { type PlanInput, planContainer, wantsPtrace } from './plan.ts';

const v2 = {
  apiVersion: '1.47',
  cgroupVersion: 2,
  securityOptions: ['name=seccomp,profile=builtin'],
} as const;

const plan = (config: object, given: Partial<PlanInput> = {}) =>
  planContainer({
    config: DockerConfig.parse(config),
    instance: 'default-debian-12',
    root: '/kitchen',
    name: 'galley-p-default-debian-12-r1',
    networkName: 'galley-p-default-debian-12-r1',
    imageId: 'sha256:1',
    init: 'systemd',
    engine: v2,
    clientVolume: undefined,
    hostPorts: [],
    isLocalEngine: true,
    labels: { 'galley.project': 'p' },
    ...given,
  });

await tap.test('systemd gets what it needs and no more', async (t) => {
  const { HostConfig: host, Cmd, Entrypoint, StopSignal } = plan({});
  t.same(host?.CapAdd, ['SYS_ADMIN', 'SYS_PTRACE']);
  t.match(host, { Privileged: false, CapDrop: [], SecurityOpt: [], Binds: [], CgroupnsMode: 'private' });
  t.match(host?.Tmpfs, { '/run': /exec/, '/run/lock': /noexec/ });
  t.equal(StopSignal, 'SIGRTMIN+3');
  t.same(Entrypoint, []);
  t.equal(Cmd?.at(-1), '/lib/systemd/systemd');
});

await tap.test('the engine decides how systemd gets its cgroups', async (t) => {
  const apparmor = { ...v2, securityOptions: ['name=apparmor', 'name=seccomp'] };
  t.same(plan({}, { engine: apparmor }).HostConfig?.SecurityOpt, ['apparmor=unconfined']);
  const given = plan({ security_opt: ['apparmor:mine'] }, { engine: apparmor });
  t.same(given.HostConfig?.SecurityOpt, ['apparmor:mine'], 'the config has the last word');
  const old = plan({}, { engine: { ...v2, apiVersion: '1.40', cgroupVersion: 1 } });
  t.same(old.HostConfig?.Binds, ['/sys/fs/cgroup:/sys/fs/cgroup:rw']);
  t.notOk('CgroupnsMode' in (old.HostConfig ?? {}));
  t.same(old.Cmd, ['/lib/systemd/systemd']);
  const shared = plan({ volumes: ['/sys/fs/cgroup:/sys/fs/cgroup:rw'] });
  t.match(shared, { Cmd: ['/lib/systemd/systemd'], HostConfig: { CgroupnsMode: 'host' } });
});

await tap.test('without systemd nothing is added', async (t) => {
  const { HostConfig: host, Cmd, Entrypoint } = plan({}, { init: 'none' });
  t.match(host, { CapAdd: [], Tmpfs: {}, SecurityOpt: [] });
  t.match(Cmd, ['/bin/sh', '-c', /trap/]);
  t.same(Entrypoint, [], 'the entrypoint of the image is not run');
  const command = plan({ pid_one_command: 'server --port 1' }, { init: 'none' });
  t.same(command.Cmd, ['server', '--port', '1']);
  t.notOk('Entrypoint' in command, 'the entrypoint of the image gets the command');
});

await tap.test('capabilities of the config are honoured', async (t) => {
  t.same(plan({ cap_add: ['NET_ADMIN', 'SYS_ADMIN'] }).HostConfig?.CapAdd, [
    'NET_ADMIN',
    'SYS_ADMIN',
    'SYS_PTRACE',
  ]);
  t.same(plan({ cap_drop: ['CAP_SYS_PTRACE'] }).HostConfig?.CapAdd, ['SYS_ADMIN']);
  t.same(plan({ ptrace: false }).HostConfig?.CapAdd, ['SYS_ADMIN']);
  t.same(plan({ ptrace: true }, { init: 'none' }).HostConfig?.CapAdd, ['SYS_PTRACE']);
  t.equal(wantsPtrace(DockerConfig.parse({}), 'none'), false);
  t.match(plan({ privileged: true }).HostConfig, { Privileged: true, UsernsMode: 'host' });
});

await tap.test('ports are published on the loopback unless an address is given', async (t) => {
  const config = { publish: [80, '0.0.0.0:8443:443', '5353:53/udp'] };
  const { HostConfig: host, ExposedPorts } = plan(config, { hostPorts: [80, 8080] });
  t.same(host?.PortBindings, {
    '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
    '443/tcp': [{ HostIp: '0.0.0.0', HostPort: '8443' }],
    '53/udp': [{ HostIp: '127.0.0.1', HostPort: '5353' }],
    '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
  });
  t.same(Object.keys(ExposedPorts ?? {}).toSorted(), ['443/tcp', '53/udp', '80/tcp', '8080/tcp']);
  const remote = plan({ publish: 80 }, { isLocalEngine: false });
  t.same(remote.HostConfig?.PortBindings, { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '' }] });
});

await tap.test('network, names and mounts', async (t) => {
  const own = plan({ hostname_aliases: ['www'] });
  t.equal(own.HostConfig?.NetworkMode, 'galley-p-default-debian-12-r1');
  t.match(own.NetworkingConfig?.EndpointsConfig, {
    'galley-p-default-debian-12-r1': { Aliases: ['default-debian-12', 'www'] },
  });
  t.equal(own.Hostname, 'default-debian-12');
  const other = plan({ network_mode: 'host' });
  t.equal(other.HostConfig?.NetworkMode, 'host');
  t.notOk(other.NetworkingConfig);
  t.equal(plan({ network_mode: 'dokken' }).HostConfig?.NetworkMode, own.HostConfig?.NetworkMode);
  const mounts = plan(
    { binds: ['./x:/x:ro', '/y:/y'] },
    { clientVolume: { name: 'v', mountPath: '/opt/chef' } },
  );
  t.same(mounts.HostConfig?.Binds, ['/kitchen/x:/x:ro', '/y:/y']);
  t.same(mounts.HostConfig?.Mounts, [{ Type: 'volume', Source: 'v', Target: '/opt/chef', ReadOnly: true }]);
  t.ok((plan({}, { instance: 'x'.repeat(100) }).Hostname ?? '').length <= 63);
});

await tap.test('limits', async (t) => {
  t.match(plan({ memory: '512m', cpus: 1.5, cpu: 512 }).HostConfig, {
    Memory: 512 * 1024 ** 2,
    NanoCpus: 1.5e9,
    CpuShares: 512,
  });
  t.notOk('Memory' in (plan({ memory_limit: 0 }).HostConfig ?? {}), "dokken's 0 is no limit");
});
