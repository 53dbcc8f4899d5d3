import type { InstanceConfig, Kitchen, PluginSettings } from '../core/kitchen.ts';
import { builtFor } from '../engine/builder.ts';
import { snapshotNames } from '../state/snapshot-names.ts';
import type { StateStore } from '../state/state-store.ts';

const NONE: PluginSettings = { name: undefined, settings: {} };

/** Instances that have a state file but are no longer in the config: renamed suites, removed platforms. */
export async function orphanNames(
  store: StateStore,
  kitchen: Pick<Kitchen, 'instances'>,
): Promise<readonly string[]> {
  const known = new Set(kitchen.instances.map((config) => config.instance.name));
  const [states, snapshots] = await Promise.all([store.names(), snapshotNames(store.dir)]);
  const names = [...new Set([...states, ...snapshots])].filter((name) => !known.has(name)).toSorted();
  // What was made for the snapshot of an instance is that instance's: its destroy removes it.
  return names.filter((name) => !known.has(builtFor(name) ?? ''));
}

/** What `destroy` needs to know of an orphan, from its state: its labels lead to the rest. */
export async function orphanConfigs(
  store: StateStore,
  kitchen: Pick<Kitchen, 'instances'>,
): Promise<readonly InstanceConfig[]> {
  const names = await orphanNames(store, kitchen);
  return Promise.all(
    names.map(async (name) => {
      const state = await store.peek(name);
      return {
        instance: { name, suite: state?.suite ?? '', platform: state?.platform ?? '' },
        osType: 'unix',
        shellType: 'bourne',
        driver: { name: state?.driver, settings: {} },
        provisioner: { name: 'dummy', settings: {} },
        verifier: NONE,
        transport: NONE,
        lifecycle: {},
        services: {},
        tags: [],
        locate: () => undefined,
      };
    }),
  );
}
