import { GalleyError } from '../core/errors.ts';
import type { Action } from '../core/instance.ts';
import type { InstanceConfig, PluginSettings } from '../core/kitchen.ts';
import { findPlugin, type Plugins } from './plugins.ts';
import { type ResolvedInstance, resolveInstances } from './resolve.ts';

const NOTHING: PluginSettings = { name: undefined, settings: {} };

/**
 * An instance as far as it takes to reach or to remove what was made of it: provisioner, checks and steps are not
 * judged. `recorded`: the driver that made the machine; it counts when the config names another one. Settings of the
 * driver, and those of the transport where no hook needs it, are left out when they are wrong: what is recorded and
 * labelled is enough to destroy; `tell` gets what was wrong with them. Throws what is wrong with the rest.
 */
export function resolveExisting(
  config: InstanceConfig,
  plugins: Plugins,
  recorded: string | undefined,
  actions: ReadonlySet<Action>,
  tell: (error: GalleyError) => void = () => undefined,
): ResolvedInstance {
  const { steps: _, from: __, ...rest } = config;
  const bare = { ...rest, provisioner: { name: 'dummy', settings: {} }, verifier: NOTHING };
  const made = recorded === undefined ? undefined : findPlugin(plugins.drivers, recorded);
  const isOther = made !== undefined && findPlugin(plugins.drivers, config.driver.name ?? 'docker') !== made;
  const withoutDriver = { ...bare, driver: { name: made?.name ?? config.driver.name, settings: {} } };
  const candidates = isOther ? [] : [bare];
  candidates.push({ ...withoutDriver, ...(isOther && { transport: NOTHING }) });
  if (!needsTransport(config, actions)) candidates.push({ ...withoutDriver, transport: NOTHING });
  let first: GalleyError | undefined;
  for (const candidate of candidates) {
    try {
      const [resolved] = resolveInstances([candidate], plugins, actions);
      if (first) tell(first);
      if (resolved) return resolved;
    } catch (error) {
      if (!(error instanceof GalleyError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** Whoever connects (no action at all) does, and so do remote hooks. */
function needsTransport(config: InstanceConfig, actions: ReadonlySet<Action>): boolean {
  if (actions.size === 0) return true;
  return JSON.stringify(config.lifecycle).includes('"remote"');
}
