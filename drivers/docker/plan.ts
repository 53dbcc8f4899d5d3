import { posix, resolve } from 'node:path';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { EngineInfo } from '../../src/docker/connect.ts';
import type { DockerConfig, Init } from './config.ts';
import { hostName } from './names.ts';
import { defaultHostIp, withHostPorts } from './ports.ts';
import { planSystemd, SYSTEMD_CAPABILITIES, SYSTEMD_STOP_SIGNAL, SYSTEMD_TMPFS } from './systemd.ts';

/** Everything that decides how the container is made. */
export interface PlanInput {
  readonly config: DockerConfig;
  readonly instance: string;
  /** Absolute path of the kitchen, for binds relative to it. */
  readonly root: string;
  readonly name: string;
  readonly networkName: string;
  readonly imageId: string;
  readonly init: Init;
  readonly engine: Pick<EngineInfo, 'apiVersion' | 'cgroupVersion' | 'securityOptions'>;
  readonly clientVolume: { readonly name: string; readonly mountPath: string } | undefined;
  readonly hostPorts: readonly number[];
  readonly isLocalEngine: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** Waits without using anything, reaps what it inherits, and ends at once on SIGTERM. */
const IDLE = ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 60 & wait $!; done'];

/** Whether commands in the container may read other processes' memory. */
export function wantsPtrace(config: DockerConfig, init: Init): boolean {
  return config.ptrace ?? init === 'systemd';
}

/** The body of the engine's create call. */
export function planContainer(input: PlanInput): ContainerCreateOptions {
  const { config, init } = input;
  const binds = config.binds.map((bind) => absoluteBind(bind, input.root));
  const sharesCgroups = config.cgroupnsHost || binds.some((bind) => bind.split(':')[1] === '/sys/fs/cgroup');
  const systemd = init === 'systemd' ? planSystemd(input.engine, config.command, sharesCgroups) : undefined;
  const ports = withHostPorts(config.ports, input.hostPorts);
  const entrypoint = config.entrypoint ?? (systemd || config.command === undefined ? [] : undefined);
  return {
    name: input.name,
    Image: input.imageId,
    Labels: { ...input.labels },
    Hostname: config.hostname ?? hostName(input.instance),
    Cmd: [...(systemd?.command ?? config.command ?? IDLE)],
    // An empty entrypoint replaces the image's: the command is complete.
    ...(entrypoint && { Entrypoint: [...entrypoint] }),
    User: '0',
    Env: envOf(config, init),
    ...(systemd && { StopSignal: SYSTEMD_STOP_SIGNAL }),
    ...(config.platform !== undefined && { platform: config.platform }),
    ExposedPorts: Object.fromEntries(ports.map((one) => [`${one.containerPort}/${one.protocol}`, {}])),
    ...(config.volumes.length > 0 && {
      Volumes: Object.fromEntries(config.volumes.map((path) => [path, {}])),
    }),
    HostConfig: {
      ...hostConfig(input),
      Binds: [...binds, ...(systemd?.binds ?? [])],
      SecurityOpt: [...config.securityOpt, ...withoutGiven(systemd?.securityOpt ?? [], config.securityOpt)],
      ...(cgroupnsMode(systemd, config) && { CgroupnsMode: cgroupnsMode(systemd, config) }),
      PortBindings: portBindings(ports, defaultHostIp(input.isLocalEngine)),
    },
    ...(ownsNetwork(config) && {
      NetworkingConfig: {
        EndpointsConfig: { [input.networkName]: { Aliases: [input.instance, ...config.aliases] } },
      },
    }),
  };
}

/** Whether the instance gets a network of its own, where its companions are found by name. */
export function ownsNetwork(config: Pick<DockerConfig, 'networkMode'>): boolean {
  // `dokken` is the peer's shared default network.
  return config.networkMode === undefined || config.networkMode === 'dokken';
}

function hostConfig(input: PlanInput): HostConfig {
  const { config, init } = input;
  const isSystemd = init === 'systemd';
  const added = [
    ...(isSystemd ? SYSTEMD_CAPABILITIES : []),
    ...(wantsPtrace(config, init) ? ['SYS_PTRACE'] : []),
  ];
  return {
    NetworkMode: ownsNetwork(config) ? input.networkName : config.networkMode,
    Privileged: config.privileged,
    CapAdd: [...new Set([...config.capAdd, ...withoutDropped(added, config.capDrop)])],
    CapDrop: [...config.capDrop],
    Tmpfs: { ...(isSystemd ? SYSTEMD_TMPFS : {}), ...config.tmpfs },
    Mounts: input.clientVolume
      ? [
          {
            Type: 'volume',
            Source: input.clientVolume.name,
            Target: input.clientVolume.mountPath,
            ReadOnly: true,
          },
        ]
      : [],
    VolumesFrom: [...config.volumesFrom],
    Dns: [...config.dns],
    DnsSearch: [...config.dnsSearch],
    ExtraHosts: [...config.extraHosts],
    Devices: config.devices.map(device),
    ...(config.memoryBytes !== undefined && { Memory: config.memoryBytes }),
    ...(config.cpus !== undefined && { NanoCpus: Math.round(config.cpus * 1e9) }),
    ...(config.cpuShares !== undefined && { CpuShares: config.cpuShares }),
    // The engine refuses --privileged together with a user namespace.
    ...(config.privileged
      ? { UsernsMode: 'host' }
      : config.usernsMode !== undefined && { UsernsMode: config.usernsMode }),
  };
}

function cgroupnsMode(
  systemd: { readonly cgroupnsMode: 'private' | 'host' | undefined } | undefined,
  config: DockerConfig,
): 'private' | 'host' | undefined {
  return systemd ? systemd.cgroupnsMode : config.cgroupnsHost ? 'host' : undefined;
}

/** TEST_KITCHEN is what cookbooks look at to know that they are being tested (kitchen-dokken sets it too). */
function envOf(config: DockerConfig, init: Init): string[] {
  const env = { ...(init === 'systemd' && { container: 'docker' }), TEST_KITCHEN: '1', ...config.env };
  return Object.entries(env).map(([key, value]) => `${key}=${value}`);
}

function withoutDropped(added: readonly string[], dropped: readonly string[]): readonly string[] {
  const names = new Set(dropped.map((one) => one.toUpperCase().replace(/^CAP_/, '')));
  return added.filter((one) => !names.has(one));
}

/** A security option of the config replaces ours of the same kind. */
function withoutGiven(ours: readonly string[], given: readonly string[]): readonly string[] {
  return ours.filter((option) => !given.some((other) => kindOf(other) === kindOf(option)));
}

function kindOf(option: string): string | undefined {
  return option.split(/[=:]/)[0];
}

function absoluteBind(bind: string, root: string): string {
  const [source = '', ...rest] = bind.split(':');
  return [source.startsWith('.') ? resolve(root, source) : source, ...rest].join(':');
}

interface HostBinding {
  HostIp: string;
  HostPort: string;
}

function portBindings(
  ports: ReturnType<typeof withHostPorts>,
  hostIp: string,
): Record<string, HostBinding[]> {
  const bindings: Record<string, HostBinding[]> = {};
  for (const port of ports) {
    const key = `${port.containerPort}/${port.protocol}`;
    const binding = {
      HostIp: port.hostIp ?? hostIp,
      HostPort: port.hostPort === 0 ? '' : String(port.hostPort),
    };
    bindings[key] = [...(bindings[key] ?? []), binding];
  }
  return bindings;
}

/** `/dev/fuse`, `/dev/a:/dev/b`, `/dev/a:/dev/b:rwm`. */
function device(spec: string): { PathOnHost: string; PathInContainer: string; CgroupPermissions: string } {
  const [outside = '', inside = outside, permissions = 'rwm'] = spec.split(':');
  return { PathOnHost: outside, PathInContainer: posix.normalize(inside), CgroupPermissions: permissions };
}
