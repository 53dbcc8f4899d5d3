import { resolve } from 'node:path';
import { GALLEY_PLACES } from '../../config/galley-places.ts';
import { STAGES } from '../../core/instance.ts';
import type { InstanceConfig, Kitchen } from '../../core/kitchen.ts';
import { isBelow } from '../../core/paths.ts';
import { linkedOf, pathsOf } from '../../plan/changed.ts';
import type { LinkedFolders } from '../../plan/cookbook-files.ts';
import type { Plugins } from '../../plan/plugins.ts';
import { type ResolvedInstance, resolveInstances } from '../../plan/resolve.ts';
import { isOurOwn } from '../../plan/test-suite.ts';
import { basesFor } from '../bases-for.ts';
import type { GlobalOptions } from '../command.ts';
import type { Host } from '../host.ts';
import { readKitchen } from '../kitchen.ts';
import { noInstances } from '../no-instances.ts';
import { type Selection, select } from '../selection.ts';
import type { WatchedKitchen } from './round.ts';

/** Reads the kitchen and judges everything a run of the selected instances needs. Throws what is wrong with it. */
export async function readWatched(
  args: Selection & GlobalOptions,
  host: Host,
  plugins: Plugins,
): Promise<WatchedKitchen> {
  const kitchen = await readKitchen(host, args);
  if (kitchen.instances.length === 0) throw noInstances(kitchen);
  const selected = await select(kitchen, args, host);
  // Whoever has not written a check yet is still served: such an instance is converged only.
  const [bare, tested] = [selected.filter(namesNoTests), selected.filter((one) => !namesNoTests(one))];
  const resolved = [
    ...resolveInstances(tested, plugins, new Set(STAGES)),
    ...resolveInstances(bare, plugins, new Set(STAGES.filter((stage) => stage !== 'verify'))),
  ];
  const order = selected.map((config) => config.instance.name);
  const place = (one: ResolvedInstance): number => order.indexOf(one.instance.name);
  const baseInstances = await basesFor(kitchen, resolved, args, host, plugins);
  return { kitchen, resolved: resolved.toSorted((a, b) => place(a) - place(b)), baseInstances };
}

function namesNoTests(config: InstanceConfig): boolean {
  const { checks, allowEmpty } = config.verifier.settings;
  const isEmpty = (checks ?? undefined) === undefined || (Array.isArray(checks) && checks.length === 0);
  return (
    isEmpty &&
    allowEmpty !== true &&
    isOurOwn(config) &&
    (config.steps ?? []).every((step) => namesNoTests(step.config))
  );
}

const KITCHEN_NAMES = ['kitchen.yml', '.kitchen.yml', 'kitchen.local.yml', '.kitchen.local.yml'];
const KITCHEN_VARIABLES = ['KITCHEN_YAML', 'KITCHEN_YML', 'KITCHEN_LOCAL_YAML', 'KITCHEN_LOCAL_YML'];

/** Absolute paths of the files that the kitchen is read from, and of those it would be read from if they existed. */
export function kitchenFiles(kitchen: Kitchen, host: Host): readonly string[] {
  const places = GALLEY_PLACES.filter((place) => place !== 'package.json');
  const named = KITCHEN_VARIABLES.flatMap((name) => host.env[name] || []);
  const usual = [...KITCHEN_NAMES, ...places, ...named].map((name) => resolve(kitchen.root, name));
  return [...new Set([...kitchen.files, ...usual])];
}

export function configsOf({ resolved }: WatchedKitchen): readonly InstanceConfig[] {
  return resolved.map((one) => one.config);
}

/** What to watch: the kitchen's folder, and what its files and settings lead to outside of it. */
export function watchedPaths(watched: WatchedKitchen, linked: LinkedFolders): readonly string[] {
  const { root, files } = watched.kitchen;
  const named = configsOf(watched).flatMap((config) => [
    ...pathsOf(config, root),
    ...linkedOf(config, root, linked),
  ]);
  const outside = [...files, ...named].filter((path) => isOutside(root, path));
  return [...new Set([root, ...outside])];
}

/** A folder above the kitchen's is not: it would bring everything beside it. */
function isOutside(root: string, path: string): boolean {
  return path !== root && !isBelow(path, root) && !isBelow(root, path);
}
