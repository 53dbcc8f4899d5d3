import { z } from 'zod';
import { UNNEEDED, UNSUPPORTED } from './known-options.ts';
import type { PortBinding } from './ports.ts';
import { command, duration, environment, hosts, list, port, size, tmpfs, version } from './values.ts';

/** What runs as process 1: systemd, or a small shell that does nothing. */
export const Init = z.enum(['systemd', 'none']);
export type Init = z.infer<typeof Init>;

const Client = z.strictObject({
  product: z.enum(['cinc', 'chef']).optional(),
  version: version.optional(),
  image: z.string().optional().describe('image that contains a client under /opt/cinc or /opt/chef'),
});

const unneeded = Object.fromEntries(
  Object.entries(UNNEEDED).map(([key, why]) => [key, z.unknown().optional().describe(`ignored: ${why}`)]),
);
const unsupported = Object.fromEntries(
  Object.entries(UNSUPPORTED).map(([key, instead]) => [
    key,
    z.undefined({ error: `is not supported: ${instead}` }).optional(),
  ]),
);

/** The options as a kitchen.yml writes them. Two names for one thing are those of kitchen-dokken and kitchen-docker. */
const Options = z.strictObject({
  image: z.string().min(1).optional().describe('default: derived from the platform name'),
  docker_registry: z.string().optional().describe('prefix of the image'),
  platform: z.string().optional().describe('os/arch of the image, e.g. linux/amd64'),
  docker_platform: z.string().optional(),
  pull_platform_image: z.boolean().optional().describe('true: ask the registry at each create'),
  init: Init.optional().describe('process 1; default: systemd when the image is made for it'),
  pid_one_command: command.optional(),
  run_command: command.optional(),
  entrypoint: command.optional(),
  intermediate_instructions: list.optional().describe('Dockerfile lines run on top of the image'),
  provision_command: list.optional().describe('commands run on top of the image (RUN)'),
  privileged: z.boolean().optional(),
  cap_add: list.optional(),
  cap_drop: list.optional(),
  security_opt: list.optional(),
  ptrace: z.boolean().optional().describe('CAP_SYS_PTRACE, to read live environments; default: with systemd'),
  userns_host: z.boolean().optional(),
  user_ns_mode: z.string().optional(),
  cgroupns_host: z.boolean().optional(),
  volumes: list.optional(),
  volume: list.optional(),
  binds: list.optional(),
  volumes_from: list.optional(),
  tmpfs: tmpfs.optional(),
  devices: list.optional(),
  env: environment.optional(),
  env_variables: environment.optional(),
  http_proxy: z.string().optional(),
  https_proxy: z.string().optional(),
  no_proxy: z.string().optional(),
  hostname: z.string().min(1).optional(),
  hostname_aliases: list.optional(),
  dns: list.optional(),
  dns_search: list.optional(),
  extra_hosts: hosts.optional(),
  add_host: hosts.optional(),
  network_mode: z.string().min(1).optional().describe('default: a network of the instance'),
  ipv6: z.boolean().optional(),
  ipv6_subnet: z.string().optional(),
  publish: port.optional().describe('ports reached from this machine, on 127.0.0.1'),
  ports: port.optional(),
  forward: port.optional(),
  memory: size.optional(),
  memory_limit: size.optional(),
  cpus: z.number().positive().optional(),
  cpu: z.coerce.number().int().nonnegative().optional().describe('CPU shares'),
  client: Client.optional(),
  chef_image: z.string().min(1).optional(),
  chef_version: version.optional(),
  pull_chef_image: z.boolean().optional(),
  expires: duration.optional().describe('after this time gc may remove it, e.g. 24h'),
  docker_host_url: z.string().optional(),
  socket: z.string().optional(),
  ...unneeded,
  ...unsupported,
});

/** The settings after names were brought together and defaults that depend on nothing else filled in. */
export interface DockerConfig {
  readonly image: string | undefined;
  readonly platform: string | undefined;
  readonly pull: 'missing' | 'always';
  readonly init: Init | undefined;
  readonly command: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  /** Dockerfile lines. */
  readonly instructions: readonly string[];
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  readonly ptrace: boolean | undefined;
  readonly usernsMode: string | undefined;
  readonly cgroupnsHost: boolean;
  /** `source:target[:mode]` */
  readonly binds: readonly string[];
  /** Paths of anonymous volumes. */
  readonly volumes: readonly string[];
  readonly volumesFrom: readonly string[];
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly devices: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string | undefined;
  readonly aliases: readonly string[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  /** `name:address` */
  readonly extraHosts: readonly string[];
  readonly networkMode: string | undefined;
  readonly ipv6Subnet: string | undefined;
  readonly ports: readonly PortBinding[];
  readonly memoryBytes: number | undefined;
  readonly cpus: number | undefined;
  readonly cpuShares: number | undefined;
  readonly client: z.infer<typeof Client>;
  readonly pullClient: 'missing' | 'always';
  readonly expiresMs: number | undefined;
  /** Address of an engine other than the environment's. */
  readonly engine: string | undefined;
  /** Options that were given and have no work to do here. */
  readonly ignored: readonly string[];
}

export const DockerConfig: z.ZodType<DockerConfig> = Options.transform(normalised);

const DOKKEN_IPV6_SUBNET = '2001:db8:1::/64';

function normalised(o: z.infer<typeof Options>): DockerConfig {
  const volumes = [...(o.volumes ?? []), ...(o.volume ?? [])];
  const platform = o.docker_platform ?? (o.platform?.includes('/') ? o.platform : undefined);
  const proxies = { http_proxy: o.http_proxy, https_proxy: o.https_proxy, no_proxy: o.no_proxy };
  return {
    image:
      o.image === undefined ? undefined : `${o.docker_registry ? `${o.docker_registry}/` : ''}${o.image}`,
    platform,
    pull: o.pull_platform_image === true ? 'always' : 'missing',
    init: o.init,
    command: o.pid_one_command ?? (isSshd(o.run_command) ? undefined : o.run_command),
    entrypoint: o.entrypoint,
    instructions: [
      ...(o.intermediate_instructions ?? []),
      ...(o.provision_command ?? []).map((line) => `RUN ${line}`),
    ],
    privileged: o.privileged ?? false,
    capAdd: o.cap_add ?? [],
    capDrop: o.cap_drop ?? [],
    securityOpt: o.security_opt ?? [],
    ptrace: o.ptrace,
    usernsMode: o.user_ns_mode ?? (o.userns_host ? 'host' : undefined),
    cgroupnsHost: o.cgroupns_host ?? false,
    binds: [...(o.binds ?? []), ...volumes.filter((one) => one.includes(':'))],
    volumes: volumes.filter((one) => !one.includes(':')),
    volumesFrom: o.volumes_from ?? [],
    tmpfs: o.tmpfs ?? {},
    devices: o.devices ?? [],
    env: { ...defined(proxies), ...o.env_variables, ...o.env },
    hostname: o.hostname,
    aliases: o.hostname_aliases ?? [],
    dns: o.dns ?? [],
    dnsSearch: o.dns_search ?? [],
    extraHosts: [...(o.extra_hosts ?? []), ...(o.add_host ?? [])],
    networkMode: o.network_mode,
    ipv6Subnet: o.ipv6 ? (o.ipv6_subnet ?? DOKKEN_IPV6_SUBNET) : undefined,
    ports: [...(o.publish ?? []), ...(o.ports ?? []), ...(o.forward ?? [])].flat(),
    // Dokken's default of 0 means no limit.
    memoryBytes: o.memory || o.memory_limit || undefined,
    cpus: o.cpus,
    cpuShares: o.cpu,
    client: o.client ?? clientOf(o.chef_image, o.chef_version),
    pullClient: o.pull_chef_image === true ? 'always' : 'missing',
    expiresMs: o.expires,
    engine: o.docker_host_url ?? (o.socket?.startsWith('/') ? `unix://${o.socket}` : o.socket),
    ignored: Object.keys(o).filter((key) => key in UNNEEDED),
  };
}

/** Kitchen-docker's default command; here commands do not go through an sshd. */
function isSshd(words: readonly string[] | undefined): boolean {
  return words?.some((word) => word.endsWith('/sshd')) ?? false;
}

/** `chef_image` and `chef_version` name one image, `IMAGE:VERSION`. */
function clientOf(image: string | undefined, version: string | undefined): DockerConfig['client'] {
  const given = version === undefined ? {} : { version };
  if (image === undefined) return given;
  if (image === 'cincproject/cinc') return { product: 'cinc', ...given };
  if (image === 'chef/chef') return { product: 'chef', ...given };
  const hasTag = /:[^/]*$/.test(image) || image.includes('@');
  return { image: hasTag || version === undefined ? image : `${image}:${version}` };
}

function defined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
