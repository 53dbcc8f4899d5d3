import type { ResolvedInstance } from '../plan/resolve.ts';
import { snapshotNames } from '../state/snapshot-names.ts';
import { SnapshotStore } from '../state/snapshot-store.ts';
import { builderOf } from './builder.ts';
import { destroy } from './destroy.ts';
import { lock, open } from './open-run.ts';
import { contextFor, type RunContext } from './run-context.ts';

/**
 * Removes what was made for the snapshot of an instance that others start from: the snapshots themselves, and what an
 * interrupted run left of the machine that was made for one. Asks nothing of the engine for other instances.
 */
export async function forgetSnapshots(run: RunContext, resolved: ResolvedInstance): Promise<void> {
  const store = new SnapshotStore(run.store.dir);
  const { name } = resolved.instance;
  if (!run.baseNames?.has(name) && !(await snapshotNames(run.store.dir)).includes(name)) return;
  const { snapshots } = resolved.driver;
  if (snapshots) {
    const builder = builderOf(resolved);
    await using _lock = await lock(run, builder.instance.name, 'destroy');
    await using one = await open(run, builder);
    await destroy(one);
    const ctx = contextFor(run, resolved, resolved.driverConfig, run.hardSignal);
    await snapshots.remove(ctx, name);
  }
  await store.remove(name);
}
