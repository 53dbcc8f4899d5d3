import type { InstanceConfig, Kitchen } from '../core/kitchen.ts';
import { stateStore } from './kitchen.ts';

/** Those of the instances that exist, where some do: they are meant when none is named. */
export async function created(
  kitchen: Kitchen,
  instances: readonly InstanceConfig[],
): Promise<readonly InstanceConfig[]> {
  const store = stateStore(kitchen);
  const states = await Promise.all(instances.map((config) => store.peek(config.instance.name)));
  const existing = instances.filter((_, at) => states[at]?.lastAction !== undefined);
  return existing.length > 0 ? existing : instances;
}
