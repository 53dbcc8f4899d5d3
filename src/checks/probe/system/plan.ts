import type { PackageNeed, SystemNeeds, SystemSection } from '../../../core/system-facts.ts';
import { SCRIPTS } from './scripts.ts';

/** Lines of the request, see `../perl/system.ts`: a kind and its fields. Pure. */
export function systemRequest(needs: SystemNeeds): (readonly string[])[] {
  const lines = [
    ...accountLines(needs),
    ...packageLines(needs.packages ?? []),
    ...mountLines(needs.mounts ?? []),
    ...(needs.sysctls ?? []).flatMap(sysctlLines),
    ...(needs.network ? NETLINK.map((type) => ['N', String(type)]) : []),
    ...(needs.cron ? cronLines() : []),
  ];
  const used = Object.entries(SCRIPTS).filter(([name]) => lines.some((line) => line[2] === `script:${name}`));
  return [...used.map(([name, text]) => ['T', name, text]), ...lines];
}

/** The parts of the system that these needs ask for. */
export function systemSections(needs: SystemNeeds): SystemSection[] {
  const asked: readonly (readonly [SystemSection, boolean])[] = [
    ['accounts', isAny(needs.users) || isAny(needs.groups)],
    ['packages', isAny(needs.packages)],
    ['mounts', isAny(needs.mounts)],
    ['sysctls', isAny(needs.sysctls)],
    ['network', needs.network === true],
    ['cron', needs.cron === true],
  ];
  return asked.filter(([, is]) => is).map(([section]) => section);
}

/** What depends on the network namespace, which a sidecar does not share. */
export function networkPart(needs: SystemNeeds): SystemNeeds {
  const { sysctls, network } = needs;
  return { ...(sysctls && { sysctls }), ...(network && { network }) };
}

/** The union of needs. Pure. */
export function mergeSystemNeeds(all: readonly SystemNeeds[]): SystemNeeds {
  const users = merged(
    all.flatMap((needs) => needs.users ?? []),
    (one) => one.name,
    (a, b) => ({
      name: a.name,
      groups: a.groups || b.groups,
      sudo: a.sudo || b.sudo,
      keys: a.keys || b.keys,
    }),
  );
  const packages = merged(
    all.flatMap((needs) => needs.packages ?? []),
    (one) => JSON.stringify([one.provider, one.folder, one.name]),
    (a, b) => ({ ...a, repo: a.repo || b.repo, verify: a.verify || b.verify }),
  );
  const mounts = merged(
    all.flatMap((needs) => needs.mounts ?? []),
    (one) => one.path,
    (a, b) => ({ path: a.path, usage: a.usage || b.usage }),
  );
  const groups = [...new Set(all.flatMap((needs) => needs.groups ?? []))];
  const sysctls = [...new Set(all.flatMap((needs) => needs.sysctls ?? []))];
  return {
    ...(users.length > 0 && { users }),
    ...(groups.length > 0 && { groups }),
    ...(packages.length > 0 && { packages }),
    ...(mounts.length > 0 && { mounts }),
    ...(sysctls.length > 0 && { sysctls }),
    ...(all.some((needs) => needs.network) && { network: true }),
    ...(all.some((needs) => needs.cron) && { cron: true }),
  };
}

function merged<T>(all: readonly T[], keyOf: (one: T) => string, join: (a: T, b: T) => T): T[] {
  const found = new Map<string, T>();
  for (const one of all) {
    const key = keyOf(one);
    const known = found.get(key);
    found.set(key, known === undefined ? one : join(known, one));
  }
  return [...found.values()];
}

function isAny(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

/** RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE of linux/rtnetlink.h. */
export const NETLINK = [18, 22, 26] as const;

function accountLines({ users = [], groups = [] }: SystemNeeds): string[][] {
  if (users.length === 0 && groups.length === 0) return [];
  return [
    ['G', '/etc/passwd'],
    ['G', '/etc/group'],
    ['G', '/etc/nsswitch.conf'],
    ...users.flatMap(({ name, ...asks }) => [
      ['W', name],
      ['X', `passwd ${name}`, 'getent', 'passwd', name],
      ...(asks.groups ? [['X', `id ${name}`, 'id', '-Gn', name]] : []),
      ...(asks.sudo ? [['X', `sudo ${name}`, 'sudo', '-n', '-l', '-U', name]] : []),
      ...(asks.keys ? [['X', `keys ${name}`, 'script:keys', name]] : []),
    ]),
    ...groups.map((name) => ['X', `group ${name}`, 'getent', 'group', name]),
  ];
}

function packageLines(packages: readonly PackageNeed[]): string[][] {
  const tables = Map.groupBy(packages, ({ provider, folder }) => JSON.stringify([provider, folder ?? '']));
  const lines = [...tables].map(([key, needs]) => {
    const { provider, folder = '' } = needs[0] ?? { provider: 'system' };
    return ['X', `packages ${key}`, `script:${provider}`, folder, ...needs.map((need) => need.name)];
  });
  const system = packages.filter((need) => need.provider === 'system');
  return [
    ...lines,
    ...system.filter((need) => need.repo).map(({ name }) => ['X', `repo ${name}`, 'script:repo', name]),
    ...system.filter((need) => need.verify).map(({ name }) => ['X', `verify ${name}`, 'script:verify', name]),
  ];
}

function mountLines(mounts: NonNullable<SystemNeeds['mounts']>): string[][] {
  if (mounts.length === 0) return [];
  return [
    // In a sidecar only the table of PID 1 is the machine's own.
    ['G', '/proc/1/mountinfo'],
    ...mounts.filter((one) => one.usage).map(({ path }) => ['X', `df ${path}`, 'df', '-P', '-k', path]),
  ];
}

function sysctlLines(name: string): string[][] {
  const path = sysctlPath(name);
  return [
    ['G', path],
    ['D', path.slice(0, path.lastIndexOf('/'))],
  ];
}

/** As sysctl(8) reads names: when the first separator is a slash, dots are part of a name (`net/ipv4/conf/eth0.1/…`). */
export function sysctlPath(name: string): string {
  const isSlashed = /^[^./]*\//.test(name);
  const swapped = isSlashed ? name : name.replace(/[./]/g, (char) => (char === '.' ? '/' : '.'));
  return `/proc/sys/${swapped}`;
}

const CRON_FILES = [
  '/etc/crontab',
  '/etc/cron.d/*',
  '/var/spool/cron/crontabs/*',
  '/var/spool/cron/*',
  '/etc/crontabs/*',
];
export const CRON_FOLDERS = ['hourly', 'daily', 'weekly', 'monthly'].map((word) => `/etc/cron.${word}`);

function cronLines(): string[][] {
  return [
    ...CRON_FILES.map((glob) => ['G', glob]),
    ...CRON_FOLDERS.map((dir) => ['D', dir]),
    ['X', 'timers', 'script:timers'],
  ];
}
