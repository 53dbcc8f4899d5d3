import { z } from 'zod';
import { defined } from '../../src/core/defined.ts';
import { imageReference } from '../../src/core/image-reference.ts';
import { unneeded, unsupported } from '../../src/core/option-status.ts';
import { driverConcurrency, timeSpan, version } from '../../src/core/option-values.ts';
import { describeIssue } from '../../src/core/zod-words.ts';
import { UNNEEDED, UNSUPPORTED } from './known-options.ts';
import type { PortBinding } from './ports.ts';
import { readRunOptions } from './run-options.ts';
import { command, environment, hosts, list, port, size, tmpfs } from './values.ts';

/** What runs as process 1: systemd, or a small shell that does nothing. */
export const Init = z.enum(['systemd', 'none']);
export type Init = z.infer<typeof Init>;

const Client = z.strictObject({
  product: z.enum(['cinc', 'chef']).optional(),
  version: version.optional(),
  image: imageReference.optional().describe('image that contains a client under /opt/cinc or /opt/chef'),
});

const flag = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const unneededOptions = Object.fromEntries(
  Object.entries(UNNEEDED).map(([key, why]) => [key, unneeded(why)]),
);
const unsupportedOptions = Object.fromEntries(
  Object.entries(UNSUPPORTED).map(([key, instead]) => [key, unsupported(instead)]),
);

/** The options as a kitchen.yml writes them. Two names for one thing are those of kitchen-dokken and kitchen-docker. */
const Options = z.strictObject({
  image: imageReference.optional().describe('default: derived from the platform name'),
  docker_registry: z.string().optional().describe('prefix of the image'),
  platform: z.string().optional().describe('os/arch of the image, e.g. linux/amd64'),
  docker_platform: z.string().optional().describe('os/arch of the image, as `platform`'),
  pull_platform_image: z.boolean().optional().describe('true: ask the registry at each create'),
  init: Init.optional().describe('process 1; default: systemd when the image is made for it'),
  pid_one_command: command.optional().describe('process 1 instead of systemd or a shell that waits'),
  run_command: command.optional().describe('as `pid_one_command`; one that starts an sshd is left out'),
  entrypoint: command.optional().describe('entrypoint of the container'),
  intermediate_instructions: list.optional().describe('Dockerfile lines run on top of the image'),
  provision_command: list.optional().describe('commands run on top of the image (RUN)'),
  privileged: z.boolean().optional().describe("all rights on the engine's host; not needed for systemd"),
  cap_add: list.optional().describe('capabilities to add, e.g. NET_ADMIN'),
  cap_drop: list.optional().describe('capabilities to take away'),
  security_opt: list.optional().describe('security options, e.g. seccomp=unconfined'),
  ptrace: z.boolean().optional().describe('CAP_SYS_PTRACE, to read live environments; default: with systemd'),
  userns_host: z.boolean().optional().describe('true: user_ns_mode host'),
  user_ns_mode: z.string().optional().describe('user namespace mode of the container'),
  cgroupns_host: z.boolean().optional().describe("true: the cgroup namespace of the engine's host"),
  volumes: list.optional().describe('SOURCE:TARGET[:MODE], or TARGET for an anonymous volume'),
  volume: list.optional().describe('as `volumes`'),
  binds: list.optional().describe('SOURCE:TARGET[:MODE]'),
  volumes_from: list.optional().describe('containers whose volumes are mounted too'),
  tmpfs: tmpfs.optional().describe('folders in memory: PATH: OPTIONS, or a list of PATH[:OPTIONS]'),
  devices: list.optional().describe('devices of the host, e.g. /dev/fuse'),
  env: environment.optional().describe('variables of the container: a mapping, or a list of KEY=value'),
  env_variables: environment.optional().describe('as `env`'),
  http_proxy: z.string().optional().describe('set as a variable of the container'),
  https_proxy: z.string().optional().describe('set as a variable of the container'),
  no_proxy: z.string().optional().describe('set as a variable of the container'),
  hostname: z.string().min(1).optional().describe('host name; default: made from the instance'),
  hostname_aliases: list.optional().describe('further names on the network of the instance'),
  dns: list.optional().describe('name servers'),
  dns_search: list.optional().describe('search domains'),
  extra_hosts: hosts.optional().describe('NAME:ADDRESS lines for /etc/hosts'),
  add_host: hosts.optional().describe('as `extra_hosts`'),
  network_mode: z.string().min(1).optional().describe('default: a network of the instance'),
  ipv6: z.boolean().optional().describe('true: IPv6 on the network of the instance'),
  ipv6_subnet: z.string().optional().describe('its subnet'),
  publish: port.optional().describe('ports reached from this machine, on 127.0.0.1'),
  ports: port.optional().describe('as `publish`'),
  forward: port.optional().describe('as `publish`'),
  memory: size.optional().describe('limit, e.g. 512m; default: none'),
  memory_limit: size.optional().describe('as `memory`'),
  cpus: z.number().positive().optional().describe('limit, e.g. 1.5; default: none'),
  cpu: z.coerce.number().int().nonnegative().optional().describe('CPU shares'),
  client: Client.optional().describe('the Chef or Cinc client that is mounted: product, version, image'),
  chef_image: imageReference.optional().describe('image of the client, e.g. cincproject/cinc'),
  chef_version: version.optional().describe('its version; default: latest'),
  pull_chef_image: z.boolean().optional().describe('true: ask the registry for the client at each create'),
  expires: timeSpan.optional().describe('after this time gc may remove it, e.g. 24h'),
  docker_host_url: z
    .string()
    .optional()
    .describe('address of the engine; default: that of the docker command'),
  run_options: z
    .union([z.string(), z.array(z.string()), z.record(z.string(), z.union([flag, z.array(flag)]))])
    .optional()
    .describe('flags of `docker run`: those that an option of ours stands for'),
  socket: z.string().optional().describe('as `docker_host_url`'),
  concurrency: driverConcurrency,
  ...unneededOptions,
  ...unsupportedOptions,
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
  readonly concurrency: number | undefined;
  /** Address of an engine other than the environment's. */
  readonly engine: string | undefined;
}

export const DockerConfig: z.ZodType<DockerConfig> = Options.transform((given, context) => {
  const { run_options: flags, ...options } = given;
  if (flags === undefined) return normalised(options);
  const read = readRunOptions(flags);
  const parsed = 'options' in read ? Options.safeParse(read.options) : undefined;
  if (parsed?.success) return normalised(together(options, parsed.data));
  const issue = parsed?.error.issues[0];
  const problem = 'message' in read ? read.message : issue ? describeIssue(issue) : 'is wrong';
  context.addIssue({ code: 'custom', path: ['run_options'], message: problem, input: flags });
  return z.NEVER;
});

/** Lists and mappings of both, other values of the latter. */
function together(a: z.infer<typeof Options>, b: z.infer<typeof Options>): z.infer<typeof Options> {
  const both = Object.entries(b).map(([key, value]) => {
    const before = a[key as keyof typeof a] as unknown;
    if (Array.isArray(value) && Array.isArray(before)) return [key, [...before, ...value]] as const;
    const isMapping = typeof value === 'object' && typeof before === 'object' && !Array.isArray(value);
    return [key, isMapping ? { ...before, ...value } : value] as const;
  });
  return { ...a, ...Object.fromEntries(both) };
}

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
    concurrency: o.concurrency,
    engine: o.docker_host_url ?? (o.socket?.startsWith('/') ? `unix://${o.socket}` : o.socket),
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
