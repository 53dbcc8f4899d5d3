import type { Argv } from 'yargs';
import type { InstanceConfig, Kitchen } from '../core/kitchen.ts';
import { filterInstances } from '../plan/filter.ts';
import { selectInstances } from '../plan/select.ts';
import { parseShard, partOf } from '../plan/shard.ts';
import type { Host } from './host.ts';
import { stateStore } from './kitchen.ts';

/** How a command line says which instances it means; all parts must hold. */
export interface Selection {
  readonly instances?: readonly string[] | undefined;
  readonly suite?: readonly string[] | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly skipTag?: readonly string[] | undefined;
  readonly driver?: string | undefined;
  readonly failed?: boolean;
  readonly changedSince?: string | undefined;
  readonly shard?: string | undefined;
}

const many = { type: 'string', array: true, nargs: 1, group: 'Selection:' } as const;

/** The options of every command that works on instances; the positional is named `instances`. */
export function selectionOptions<T>(yargs: Argv<T>): Argv<T & Selection> {
  return filterOptions(yargs).positional('instances', {
    type: 'string',
    array: true,
    describe: 'instance names or regular expressions; all when none is given',
  }) as unknown as Argv<T & Selection>;
}

/** The same without the positional, for commands whose positional is one instance. */
export function filterOptions<T>(yargs: Argv<T>): Argv<T & Selection> {
  return yargs
    .option('suite', { ...many, describe: 'only this suite (name or regular expression), repeatable' })
    .option('platform', { ...many, describe: 'only this platform (name or regular expression), repeatable' })
    .option('tag', { ...many, describe: 'only instances with this tag, repeatable' })
    .option('skip-tag', { ...many, describe: 'no instances with this tag, repeatable' })
    .option('driver', {
      type: 'string',
      requiresArg: true,
      group: 'Selection:',
      describe: 'only instances of this driver; docker also takes those of drivers that Galley lacks',
    })
    .option('failed', {
      type: 'boolean',
      default: false,
      group: 'Selection:',
      describe: 'only instances whose last action failed or was interrupted',
    })
    .option('shard', {
      type: 'string',
      requiresArg: true,
      group: 'Selection:',
      describe: 'only the i-th of n parts of the instances, as in 1/3, to share them among machines',
    })
    .option('changed-since', {
      type: 'string',
      requiresArg: true,
      group: 'Selection:',
      describe: 'only instances that files changed since this git revision may concern',
    });
}

/**
 * The instances that are meant, in config order. Empty only when nothing is wrong with the command line but nothing
 * is left, e.g. nothing failed.
 */
export async function select(
  kitchen: Kitchen,
  selection: Selection,
  host: Host,
): Promise<readonly InstanceConfig[]> {
  let left = await onDriver(kitchen, selection, host);
  left = selectInstances(left, selection.instances ?? []);
  left = filterInstances(left, selection, kitchen.instances);
  // Before what differs from machine to machine, so that the parts are disjoint and complete.
  if (selection.shard !== undefined) left = partOf(left, parseShard(selection.shard));
  if (selection.failed) left = await onlyFailed(kitchen, left);
  if (selection.changedSince !== undefined) {
    const [{ changedFiles }, { linkedFolders }, { changedInstances }] = await Promise.all([
      import('./changed-files.ts'),
      import('./linked-folders.ts'),
      import('../plan/changed.ts'),
    ]);
    const { root, files: kitchenFiles } = kitchen;
    const files = await changedFiles(root, selection.changedSince);
    left = changedInstances(left, { files, root, kitchenFiles, linked: await linkedFolders(left, root) });
  }
  return left;
}

async function onDriver(
  kitchen: Kitchen,
  { driver }: Selection,
  host: Host,
): Promise<readonly InstanceConfig[]> {
  if (driver === undefined) return kitchen.instances;
  const [{ withDriver }, { createPlugins }] = await Promise.all([
    import('../plan/use-driver.ts'),
    import('../plugins.ts'),
  ]);
  return withDriver(kitchen.instances, driver, createPlugins(host).drivers);
}

async function onlyFailed(
  kitchen: Kitchen,
  instances: readonly InstanceConfig[],
): Promise<readonly InstanceConfig[]> {
  const store = stateStore(kitchen);
  const states = await Promise.all(instances.map((config) => store.look(config.instance.name)));
  return instances.filter((_, at) => {
    const state = states[at];
    // What cannot be read may hold a failure: rather once too often than green without a look.
    if (state === 'unreadable') return true;
    return state?.lastError !== undefined || state?.attempting !== undefined;
  });
}

/** One line for a selection that left nothing, or undefined when it left something. */
export function nothingLeft(selection: Selection, left: readonly unknown[]): string | undefined {
  if (left.length > 0) return undefined;
  if (selection.failed) return 'no instance selected: nothing has failed';
  if (selection.changedSince !== undefined) {
    return `no instance selected: nothing that concerns one changed since ${selection.changedSince}`;
  }
  if (selection.shard !== undefined) {
    return `no instance selected: there are fewer instances than parts, and ${selection.shard} has none`;
  }
  return 'no instance selected: the options exclude each other';
}
