import type { Driver, Leftover } from '../../core/driver.ts';
import type { Action } from '../../core/instance.ts';
import type { InstanceConfig } from '../../core/kitchen.ts';
import { findPlugin } from '../../plan/plugins.ts';
import { resolveExisting } from '../../plan/resolve-existing.ts';
import { createPlugins } from '../../plugins.ts';
import type { StateStore } from '../../state/state-store.ts';
import type { Host } from '../host.ts';
import type { Place } from './place.ts';

/** Nothing needs to be reached for that. */
const DESTROY: ReadonlySet<Action> = new Set(['destroy']);

/**
 * The places elsewhere that the instances of a kitchen are made in, each once. `tell` gets what is wrong with settings
 * (then the place may be another than was meant, or missing), as an error or as the text of a note.
 */
export function driverPlaces(
  instances: readonly InstanceConfig[],
  host: Host,
  tell: (problem: unknown) => void,
): readonly Place[] {
  const plugins = createPlugins(host);
  const places = new Map<string, Place>();
  for (const config of instances) {
    if (!findPlugin(plugins.drivers, config.driver.name ?? 'docker')?.leftovers) continue;
    try {
      const resolved = resolveExisting(config, plugins, undefined, DESTROY, tell);
      const { driver, driverConfig, notes } = resolved;
      for (const { level, message } of notes)
        if (level === 'warning' && /\bdriver\b/.test(message)) tell(message);
      const place = placeOf(driver, driverConfig);
      if (place) places.set(place.where, place);
    } catch (error) {
      tell(error);
    }
  }
  return [...places.values()];
}

/**
 * The places that machines of state files lie in, which a kitchen that cannot be read, or that says otherwise by now, does
 * not name.
 */
export async function recordedPlaces(store: StateStore, host: Host): Promise<readonly Place[]> {
  const names = await store.names();
  if (names.length === 0) return [];
  const { drivers } = createPlugins(host);
  const places = new Map<string, Place>();
  for (const name of names) {
    const state = await store.peek(name);
    const driver = state && findPlugin(drivers, state.driver);
    const config = driver?.leftovers?.configOf?.(state?.machine ?? {});
    const place = driver && config !== undefined ? placeOf(driver, config) : undefined;
    if (place) places.set(place.where, place);
  }
  return [...places.values()];
}

/** A region of EC2 that no kitchen here names. */
export function regionPlace(region: string, host: Host): Place | undefined {
  const driver = findPlugin(createPlugins(host).drivers, 'ec2');
  return driver && placeOf(driver, driver.config.parse({ region }));
}

function placeOf({ leftovers }: Driver, config: unknown): Place | undefined {
  if (!leftovers) return undefined;
  const { signal } = new AbortController();
  return {
    where: leftovers.where(config),
    find: (project) => leftovers.find(config, project, signal),
    async remove(doomed) {
      const failures = new Map<Leftover, unknown>();
      await leftovers.remove(config, doomed, (one, error) => failures.set(one, error), signal);
      return failures;
    },
  };
}
