import type { SystemFacts, SystemSection } from '../../../core/system-facts.ts';
import type { Row } from '../rows.ts';
import { accountsOf } from './accounts.ts';
import { cronOf } from './cron.ts';
import { mountsOf } from './mounts.ts';
import { interfacesOf, routesOf } from './netlink.ts';
import { packagesOf } from './packages.ts';
import { NETLINK } from './plan.ts';
import { systemRows } from './rows.ts';
import { sysctlsOf } from './sysctls.ts';

export interface SystemReading {
  readonly facts: SystemFacts;
  readonly errors: Readonly<Partial<Record<SystemSection, string>>>;
}

/** What the rows of the system sections say; a section that was not asked for is left out. Pure. */
export function systemFacts(all: readonly Row[], endian: 'little' | 'big'): SystemReading {
  const rows = systemRows(all);
  const [accounts, mounts, cron] = [accountsOf(rows), mountsOf(rows), cronOf(rows)];
  const packages = packagesOf(rows);
  const sysctls = all.flatMap((row) =>
    row.kind === 'g' && row.text(0).startsWith('/proc/sys/') ? [row.text(0)] : [],
  );
  const errors = { ...errorOf('accounts', accounts), ...errorOf('mounts', mounts), ...errorOf('cron', cron) };
  return {
    facts: {
      ...(accounts && 'accounts' in accounts && accounts),
      ...(mounts && 'mounts' in mounts && mounts),
      ...(cron && 'cron' in cron && cron),
      ...(packages && { packages }),
      ...(sysctls.length > 0 && { sysctls: sysctlsOf(rows, sysctls) }),
      ...networkFacts(rows, endian),
    },
    errors,
  };
}

function networkFacts(
  rows: ReturnType<typeof systemRows>,
  endian: 'little' | 'big',
): Pick<SystemFacts, 'interfaces' | 'routes'> {
  const [links, addresses, routes] = NETLINK.map((type) => rows.netlink(type));
  if (!links?.length) return {};
  const interfaces = interfacesOf(links, addresses ?? [], endian);
  return { interfaces, routes: routesOf(routes ?? [], interfaces, endian) };
}

function errorOf(section: SystemSection, read: object | undefined): Partial<Record<SystemSection, string>> {
  return read !== undefined && 'error' in read && typeof read.error === 'string'
    ? { [section]: read.error }
    : {};
}
