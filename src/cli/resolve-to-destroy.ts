import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { Plugins } from '../plan/plugins.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { resolveExisting } from '../plan/resolve-existing.ts';
import type { StateStore } from '../state/state-store.ts';

export interface ToDestroy {
  readonly resolved: readonly ResolvedInstance[];
  /** Never created, and of a driver that this Galley lacks: nothing can be there. */
  readonly skipped: readonly string[];
}

/** Instances as `destroy` needs them: by what their state says, whatever is wrong with the rest of their config. */
export async function resolveToDestroy(
  configs: readonly InstanceConfig[],
  plugins: Plugins,
  store: StateStore,
): Promise<ToDestroy> {
  const resolved: ResolvedInstance[] = [];
  const skipped: string[] = [];
  const errors: GalleyError[] = [];
  let skipReason: GalleyError | undefined;
  for (const config of configs) {
    const { name } = config.instance;
    const state = await store.peek(name);
    try {
      resolved.push(resolveExisting(config, plugins, state?.driver, new Set(['destroy'])));
    } catch (error) {
      if (!(error instanceof GalleyError)) throw error;
      if (state !== undefined || error.code !== 'config.unknown_driver') {
        errors.push(...(error instanceof GalleyErrors ? error.errors : [error]));
        continue;
      }
      skipReason ??= error;
      skipped.push(name);
    }
  }
  if (errors.length === 1 && errors[0]) throw errors[0];
  if (errors.length > 1) throw new GalleyErrors(errors);
  if (resolved.length === 0 && skipReason) throw skipReason;
  return { resolved, skipped };
}
