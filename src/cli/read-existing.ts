import { projectName } from '../config/load.ts';
import { GalleyError } from '../core/errors.ts';
import type { Kitchen } from '../core/kitchen.ts';
import { plural } from '../core/plural.ts';
import { painted } from '../reporters/format/text.ts';
import type { GlobalOptions } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Host } from './host.ts';
import { readKitchen, readKitchenToShow, stateStore } from './kitchen.ts';
import { orphanConfigs } from './orphans.ts';

/** A kitchen to find existing instances with. */
export interface ExistingKitchen {
  readonly kitchen: Kitchen;
  /** Set when the files could not be used and the state files stand for them: the exit code of that. */
  readonly brokenCode: number | undefined;
}

/**
 * For commands that deal with what was made before: a mistake in a kitchen file must not stand between a user and the
 * instances that run. Without a usable kitchen the state files tell which there are; the mistakes are said on standard
 * error in any case. Throws them when there is no state either.
 *
 * `warn: false` for callers that tell the kitchen's warnings themselves.
 */
export async function readExisting(
  host: Host,
  args: GlobalOptions,
  { warn = true }: { readonly warn?: boolean } = {},
): Promise<ExistingKitchen> {
  try {
    const kitchen = await (warn
      ? readKitchenToShow(host, args)
      : readKitchen(host, { ...args, compat: true }));
    return { kitchen, brokenCode: undefined };
  } catch (error) {
    if (!(error instanceof GalleyError) || error.kind !== 'config') throw error;
    const instances = await orphanConfigs(stateStore({ root: host.cwd }), { instances: [] });
    if (instances.length === 0) throw error;
    const { printError } = await import('./print-error.ts');
    printError(error, host.stderr, args.debug);
    const text = `! the kitchen cannot be read: going on with ${plural(instances.length, 'instance')} known from the state files`;
    host.stderr.write(`${painted('yellow', text, host.stderr.color)}\n`);
    const kitchen: Kitchen = {
      root: host.cwd,
      project: projectName(host.cwd),
      files: [],
      instances,
      warnings: [],
    };
    return { kitchen, brokenCode: EXIT_CODES.config };
  }
}
