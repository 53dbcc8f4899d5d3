import type { Kitchen } from '../core/kitchen.ts';
import { resolveBases } from '../plan/bases.ts';
import type { Plugins } from '../plan/plugins.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { Host } from './host.ts';
import { type Selection, select } from './selection.ts';

/** What the instances start from, by name, whether it is selected itself or not. */
export async function basesFor(
  kitchen: Kitchen,
  resolved: readonly ResolvedInstance[],
  { driver }: Selection,
  host: Host,
  plugins: Plugins,
): Promise<ReadonlyMap<string, ResolvedInstance>> {
  if (!resolved.some((one) => one.config.from)) return new Map();
  return resolveBases(resolved, await select(kitchen, { driver }, host), plugins);
}
