import { rememberTree, treeOf } from '../config/instance-tree.ts';
import { EMPTY_MAP, mapOf, scalar, withEntry } from '../config/tree.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import type { Driver } from '../core/driver.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig, PluginSettings } from '../core/kitchen.ts';
import { findPlugin } from './plugins.ts';

const DEFAULT_DRIVER = 'docker';

/**
 * The instances for `--driver NAME`, in config order: those whose driver it is, and, when this Galley has it, also
 * those whose driver it does not have (vagrant, azurerm, …), moved to it. A moved instance keeps its suite, platform,
 * provisioner, verifier and services; settings of the other driver and of its transport mean nothing here and are
 * dropped, so that the machine follows from the platform's name alone. Throws `usage.no_such_driver`.
 */
export function withDriver(
  instances: readonly InstanceConfig[],
  name: string,
  drivers: readonly Driver[],
): readonly InstanceConfig[] {
  const wanted = findPlugin(drivers, name);
  const taken = instances.flatMap((config) => {
    const own = config.driver.name ?? DEFAULT_DRIVER;
    if (own === name || (wanted && findPlugin(drivers, own) === wanted)) return [config];
    return wanted && !findPlugin(drivers, own) ? [moved(config, wanted)] : [];
  });
  if (taken.length === 0 && instances.length > 0) throw noSuchDriver(instances, name, drivers);
  return taken;
}

function moved(config: InstanceConfig, driver: Driver): InstanceConfig {
  const made: InstanceConfig = {
    ...config,
    driver: { name: driver.name, settings: {} },
    transport: NOTHING,
    // No file says so: the command line does.
    locate: (path) => (path[0] === 'driver' || path[0] === 'transport' ? undefined : config.locate(path)),
  };
  const tree = treeOf(config);
  if (tree) {
    const named = mapOf('name', { keyPlace: undefined, value: scalar(driver.name) });
    const withoutTransport = withEntry(tree, 'transport', { keyPlace: undefined, value: EMPTY_MAP });
    rememberTree(made, withEntry(withoutTransport, 'driver', { keyPlace: undefined, value: named }));
  }
  return made;
}

const NOTHING: PluginSettings = { name: undefined, settings: {} };

function noSuchDriver(
  instances: readonly InstanceConfig[],
  name: string,
  drivers: readonly Driver[],
): GalleyError {
  const used = [...new Set(instances.map((config) => config.driver.name ?? DEFAULT_DRIVER))];
  const isOurs = findPlugin(drivers, name) !== undefined;
  const ours = drivers.flatMap((driver) => [driver.name, ...driver.aliases]);
  // What could have been meant: a driver of ours that no instance has selects as little.
  const known = isOurs ? used : [...new Set([...ours, ...used])];
  const guess = didYouMean(name, known);
  const next = isOurs
    ? `--driver selects; to run them there, set driver: {name: ${name}} in the kitchen`
    : 'galley list shows the driver of each instance';
  return new GalleyError({
    code: 'usage.no_such_driver',
    kind: 'usage',
    message: `no instance has the driver '${name}'${isOurs ? '' : ', and this Galley does not have it'}`,
    got: name,
    expected: `one of ${known.join(', ')}`,
    hint: guess ? `did you mean '${guess}'?` : next,
  });
}
