import type { Item } from '../draft.ts';
import { Unfit } from '../values.ts';
import { httpItem } from './http.ts';
import type { Resource } from './reader.ts';

/** What a resource becomes; undefined when a gap already says why there is nothing. */
export type GossType = (r: Resource) => Item | undefined;

/** Attributes without an equal, and what there is in their place. */
export const REASONS: Readonly<Record<string, string>> = {
  md5: 'no equal, but there is sha256',
  sha512: 'no equal, but there is sha256',
  runlevels: 'no equal: enabled says whether it starts with the machine',
  'local-address': 'connections are made from any address',
  timeout: 'this type has no timeout of its own',
  'ca-file': 'an authority of its own cannot be given: `cert: trusted` and `ca` look at the chain',
  'cert-file': 'certificates of clients are not known',
  'key-file': 'certificates of clients are not known',
  proxy: 'requests are made without a proxy',
  username:
    'write request: {headers: {Authorization: …}} with a reference, so that no password stands in the file',
  password:
    'write request: {headers: {Authorization: …}} with a reference, so that no password stands in the file',
};

/** By goss's name of the type. */
export const GOSS_TYPES: Readonly<Record<string, GossType>> = {
  addr: (r) => ({
    addr: r.text('address') ?? r.key,
    reachable: r.flag('reachable') ?? true,
    ...optional('timeout', r.duration('timeout')),
  }),
  command: (r) => ({
    command: r.text('exec') ?? r.key,
    ...r.value('exit-status', 'exit', 'number'),
    ...r.value('stdout', 'stdout', 'long'),
    ...r.value('stderr', 'stderr', 'long'),
    ...optional('timeout', r.duration('timeout')),
    ...retried(r),
  }),
  dns,
  file,
  group: (r) => ({
    group: r.text('groupname') ?? r.key,
    ...existing(r, 'exists', () => r.value('gid', 'gid', 'number')),
  }),
  http: httpItem,
  interface: (r) => ({
    interface: r.text('name') ?? r.key,
    ...existing(r, 'exists', () => ({
      ...r.value('addrs', 'addresses', 'list'),
      ...r.value('mtu', 'mtu', 'number'),
    })),
  }),
  'kernel-param': (r) => ({ sysctl: r.text('name') ?? r.key, ...r.value('value', 'value', 'text') }),
  mount: (r) => ({
    mount: r.text('mountpoint') ?? r.key,
    ...existing(
      r,
      'exists',
      () => ({
        ...r.value('source', 'source', 'plain'),
        ...r.value('filesystem', 'fs', 'text'),
        ...options(r),
        ...r.value('usage', 'usage', 'number'),
      }),
      'mounted',
    ),
  }),
  package: (r) => ({
    package: r.text('name') ?? r.key,
    ...existing(r, 'installed', () => r.value('versions', 'version', 'list')),
    ...retried(r),
  }),
  port,
  process: (r) => ({ process: r.text('comm') ?? r.key, running: r.flag('running') ?? true }),
  service,
  user: (r) => ({
    user: r.text('username') ?? r.key,
    ...existing(r, 'exists', () => ({
      ...r.value('uid', 'uid', 'number'),
      ...r.value('gid', 'gid', 'number'),
      ...r.value('groups', 'groups', 'list'),
      ...r.value('home', 'home', 'plain'),
      ...r.value('shell', 'shell', 'plain'),
    })),
  }),
};

function optional(key: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [key]: value };
}

/** goss skips the other attributes of what must not exist, and so they are left out with a word. */
function existing(
  r: Resource,
  name: string,
  attributes: () => Record<string, unknown>,
  ours = name,
): Record<string, unknown> {
  const exists = r.flag(name) ?? true;
  const rest = attributes();
  if (exists) return { [ours]: true, ...rest };
  if (Object.keys(rest).length > 0)
    r.notes.push(
      `goss looks at nothing else of what must not be there, so ${Object.keys(rest).join(', ')} is left out`,
    );
  return { [ours]: false };
}

/** `retry_count` more attempts with `retry_delay` between them. */
function retried(r: Resource): Record<string, unknown> {
  const count = Number(r.text('retry_count') ?? 0);
  const every = r.duration('retry_delay') ?? '1s';
  if (!(count > 0)) return {};
  const [, amount = '1', unit = 's'] = /^([\d.]+)(ms|s|m|h)$/.exec(every) ?? [];
  r.notes.push(`${count} more attempts in goss: a pass after a failed one is shown as flaky`);
  return { eventually: { within: `${Number(amount) * count}${unit}`, every } };
}

function dns(r: Resource): Item | undefined {
  const name = r.text('resolve') ?? r.key;
  const [, type, rest] = /^(A|AAAA|CAA|CNAME|MX|NS|PTR|SRV|SSHFP|TXT):(.+)$/.exec(name) ?? [];
  const server = r.text('server');
  const resolves = r.flag('resolvable') ?? true;
  const timeout = optional('timeout', r.duration('timeout'));
  if (type === 'SSHFP') throw new Unfit('records of type SSHFP are not known');
  if (type === undefined && server === undefined)
    return {
      dns: name,
      resolves,
      ...(resolves && r.value('addrs', 'addresses', 'list')),
      ...timeout,
      ...retried(r),
    };
  const records = resolves ? withoutLastDots(r.value('addrs', 'records', 'plain list')) : {};
  if (type === undefined) r.notes.push('goss asks the server for A and AAAA; here it is A');
  return {
    dns: rest ?? name,
    resolves,
    type: type ?? 'A',
    ...optional('server', server),
    ...records,
    ...timeout,
    ...retried(r),
  };
}

/** Names in records end with a dot in goss, and without one here. */
function withoutLastDots(value: Record<string, unknown>): Record<string, unknown> {
  const strip = (one: unknown): unknown => {
    if (typeof one === 'string') return one.replace(/(?<=[a-z])\.$/i, '');
    if (Array.isArray(one)) return one.map(strip);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, strip(inner)]));
  };
  return strip(value) as Record<string, unknown>;
}

function file(r: Resource): Item {
  const isLink = r.text('filetype') === 'symlink';
  const attributes = (): Record<string, unknown> => ({
    ...r.value('filetype', 'type', 'text'),
    ...(isLink
      ? ofTheLink(r)
      : {
          ...r.value('mode', 'mode', 'mode'),
          ...r.value('owner', 'owner', 'text'),
          ...r.value('group', 'group', 'text'),
        }),
    ...(isLink
      ? {}
      : {
          ...r.value('uid', 'uid', 'number'),
          ...r.value('gid', 'gid', 'number'),
          ...r.value('size', 'size', 'number'),
        }),
    ...r.value('contents', 'content', 'long'),
    ...r.value('contains', 'content', 'long'),
    ...r.value('linked-to', 'target', 'plain'),
    ...r.value('sha256', 'sha256', 'text'),
  });
  return { file: r.text('path') ?? r.key, ...existing(r, 'exists', attributes) };
}

function ofTheLink(r: Resource): Record<string, unknown> {
  for (const name of ['mode', 'owner', 'group', 'uid', 'gid', 'size'])
    if (r.node(name)) r.gap(name, 'goss looks at the link itself, our file check at what it points to');
  return {};
}

/** Both lists of options stand in one of ours. */
function options(r: Resource): Record<string, unknown> {
  const [own, fs] = [r.value('opts', 'options', 'list'), r.value('vfs-opts', 'options', 'list')];
  const [a, b] = [own['options'], fs['options']];
  if (a === undefined || b === undefined) return { ...fs, ...own };
  return Array.isArray(a) && Array.isArray(b)
    ? { options: [...new Set([...a, ...b])] }
    : { options: { all: [a, b] } };
}

function port(r: Resource): Item {
  const [, protocol = '', digits] = /^(tcp6?|udp6?):(\d+)$/.exec(r.text('port') ?? r.key) ?? [];
  if (digits === undefined) throw new Unfit('expected tcp:N, tcp6:N, udp:N or udp6:N');
  const selector = { port: Number(digits), ...(protocol.startsWith('udp') && { protocol: 'udp' }) };
  const addresses = r.value('ip', 'address', 'plain list');
  if (r.flag('listening') === false) {
    r.notes.push(
      `goss looks at ${protocol} alone; here nothing may listen on the port, neither IPv4 nor IPv6`,
    );
    return { ...selector, listening: false };
  }
  // A dual-stack socket is tcp6 in goss and both families here.
  return { ...selector, listening: true, family: protocol.endsWith('6') ? 'ipv6' : 'ipv4', ...addresses };
}

function service(r: Resource): Item {
  const [running, enabled] = [r.flag('running'), r.flag('enabled')];
  if (running === false || enabled === false)
    r.notes.push('a unit that nobody knows is an error here; if it must not be there, write exists: false');
  return {
    service: r.text('name') ?? r.key,
    // Without a word about running, goss does not look at it.
    active: running ?? { present: true },
    ...optional('enabled', enabled),
  };
}
