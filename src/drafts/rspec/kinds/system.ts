import { asText, Unfit } from '../../values.ts';
import {
  flag,
  given,
  type Kind,
  options,
  type Part,
  properties,
  refuseOthers,
  text,
  valued,
} from '../kind.ts';

const PACKAGE: Pick<Kind, 'its' | 'words'> = {
  its: properties({ version: ['version', 'list'], versions: ['version', 'list'] }),
  words: {
    be_installed: ({ chain }, isPositive) => {
      const version = chain.find(({ name }) => name === 'with_version')?.args[0];
      if (chain.length > (version === undefined ? 0 : 1)) throw new Unfit(`no equal of .${chain[0]?.name}`);
      return [
        { path: ['installed'], value: isPositive },
        ...(version === undefined ? [] : [{ path: ['version'], value: [asText(version)] }]),
      ];
    },
    be_held: valued('held', true),
  },
};

export const systemPackage: Kind = {
  ...PACKAGE,
  select: (args) => {
    refuseOthers(options(args), []);
    return { package: text(args[0], 'the name') };
  },
};

/** Packages of gem, pip and npm; a second argument or `path:` is their folder. */
export function providedPackage(provider: 'gem' | 'pip' | 'npm'): Kind {
  return {
    ...PACKAGE,
    select: (args) => {
      const { path, ...others } = options(args);
      refuseOthers(others, []);
      const folder = path ?? (typeof args[1] === 'string' ? args[1] : undefined);
      if (folder !== undefined && !asText(folder).startsWith('/'))
        throw new Unfit('the folder must be an absolute path');
      return {
        package: { name: text(args[0], 'the name'), provider, ...(folder !== undefined && { in: folder }) },
      };
    },
  };
}

export const user: Kind = {
  select: (args) => ({ user: text(args[0], 'the name') }),
  its: properties({
    uid: ['uid', 'number'],
    gid: ['gid', 'number'],
    group: ['group', 'text'],
    groupname: ['group', 'text'],
    groups: ['groups', 'list'],
    home: ['home', 'plain'],
    shell: ['shell', 'plain'],
  }),
  words: {
    exist: flag('exists'),
    have_uid: given('uid', 'number'),
    belong_to_group: given('groups', 'list'),
    belong_to_primary_group: given('group', 'text'),
    have_home_directory: given('home', 'plain'),
    have_login_shell: given('shell', 'plain'),
    have_authorized_key: given('keys', 'list'),
  },
};

export const group: Kind = {
  select: (args) => ({ group: text(args[0], 'the name') }),
  its: properties({ gid: ['gid', 'number'], members: ['members', 'list'] }),
  words: { exist: flag('exists'), have_gid: given('gid', 'number') },
};

export const kernelParameter: Kind = {
  select: (args) => ({ sysctl: text(args[0], 'the name') }),
  its: properties({ value: ['value', 'text'] }),
};

export const networkInterface: Kind = {
  select: (args) => ({ interface: text(args[0], 'the name') }),
  its: properties({
    ipv4_addresses: ['addresses', 'list'],
    ipv6_addresses: ['addresses', 'list'],
    ipv4_cidrs: ['addresses', 'list'],
    ipv4_address: ['addresses', 'list'],
    mtu: ['mtu', 'number'],
  }),
  words: {
    exist: flag('exists'),
    be_up: flag('up'),
    have_ipv4_address: given('addresses', 'list'),
    have_ipv6_address: given('addresses', 'list'),
  },
};

/** Where the port of `be_reachable.with(port: 22)` is kept until the item is finished. */
const PORT = 'port of the address';

/** With a port it is an address to be reached, otherwise a name to be resolved. */
export const host: Kind = {
  select: (args) => {
    const { port, protocol, ...others } = options(args);
    refuseOthers(others, []);
    const name = text(args[0], 'the name');
    if (port === undefined) return { dns: name };
    if (protocol !== undefined && protocol !== 'tcp')
      throw new Unfit(`no equal of protocol: ${asText(protocol)}`);
    return { addr: `${name}:${asText(port)}` };
  },
  its: properties({ ipaddress: ['addresses', 'list'] }),
  finish: ({ [PORT]: port, ...item }) => {
    if (item['dns'] === undefined || item['reachable'] === undefined) return item;
    if (port === undefined) throw new Unfit('without a port it is a ping, which has no equal');
    const { dns, ...rest } = item;
    return { addr: `${asText(dns)}:${asText(port)}`, ...rest };
  },
  words: {
    be_resolvable: ({ chain }, isPositive) => {
      if (chain.length > 0) throw new Unfit('a name is resolved as programs do');
      return [{ path: ['resolves'], value: isPositive }];
    },
    be_reachable: ({ chain }, isPositive): readonly Part[] => {
      const { port, proto, ...others } = options(chain.find(({ name }) => name === 'with')?.args ?? []);
      refuseOthers(others, ['timeout']);
      if (proto !== undefined && proto !== 'tcp') throw new Unfit(`no equal of proto: ${asText(proto)}`);
      return [
        ...(port === undefined ? [] : [{ path: [PORT], value: Number(port) }]),
        { path: ['reachable'], value: isPositive },
      ];
    },
  },
};

const HTTP_OPTIONS = [
  'method',
  'headers',
  'data',
  'ssl_verify',
  'max_redirects',
  'open_timeout',
  'read_timeout',
  'enable_remote_worker',
];

export const http: Kind = {
  select: (args) => {
    const given = options(args);
    refuseOthers(given, HTTP_OPTIONS);
    const { method, headers, data, ssl_verify: verify, max_redirects: redirects } = given;
    const request = {
      ...(headers !== undefined && { headers }),
      ...(data !== undefined && { body: asText(data) }),
    };
    return {
      http: text(args[0], 'the URL'),
      from: 'instance',
      ...(method !== undefined && { method: asText(method) }),
      ...(verify === false && { insecure: true }),
      ...(typeof redirects === 'number' &&
        redirects > 0 && { followRedirects: true, maxRedirects: redirects }),
      ...(Object.keys(request).length > 0 && { request }),
    };
  },
  its: (property) => {
    const header = /^headers\.(.+)$/.exec(property)?.[1];
    if (header !== undefined) return { path: ['headers', header], shape: 'text' };
    return properties({ status: ['status', 'number'], body: ['body', 'long'] })(property);
  },
  rest: (paths) => (paths.has('status') ? [] : [{ path: ['status'], value: { gte: 100 } }]),
};
