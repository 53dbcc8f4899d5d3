import type { ResolvedInstance } from '../plan/resolve.ts';
import type { SnapshotRecord, SnapshotStore } from '../state/snapshot-store.ts';
import type { InstanceRun } from './instance-run.ts';
import { type BaseSnapshot, contextFor, type RunContext } from './run-context.ts';
import { quietContext } from './snapshot-key.ts';

/** The recorded snapshot of a base, if it was made from the same things, is not too old and still there. */
export async function findBaseSnapshot(
  run: RunContext,
  store: SnapshotStore,
  base: ResolvedInstance,
  key: string,
): Promise<BaseSnapshot | undefined> {
  const record = await store.read(base.instance.name);
  if (record?.id === undefined || record.key !== key || record.driver !== base.driver.name) return undefined;
  if (Date.parse(record.expires) <= Date.now()) return undefined;
  const snapshot = { name: record.name, id: record.id };
  const ctx = quietContext(run, base, base.driverConfig);
  if (!(await base.driver.snapshots?.exists(ctx, snapshot))) return undefined;
  return { key, snapshot, uploaded: record.uploaded };
}

/** Takes a snapshot of a machine that has just been converged, and removes the base's earlier ones. */
export async function takeBaseSnapshot(
  one: InstanceRun,
  store: SnapshotStore,
  base: ResolvedInstance,
  key: string,
): Promise<BaseSnapshot> {
  const { run, resolved, record } = one;
  const { snapshots, name: driver } = resolved.driver;
  if (!snapshots) throw new Error(`the driver ${driver} takes no snapshots`);
  const ctx = contextFor(run, resolved, resolved.driverConfig);
  const instance = base.instance.name;
  const { uploaded } = record.state;
  const written: Omit<SnapshotRecord, 'name' | 'id'> = {
    v: 1,
    instance,
    driver,
    key,
    uploaded,
    expires: run.ownership.expires,
  };
  const snapshot = await snapshots.take(
    ctx,
    one.machineOrThrow(),
    { instance, key },
    (name) => store.write({ ...written, name }),
    () => one.connect(),
  );
  await store.write({ ...written, ...snapshot });
  await snapshots.remove(ctx, instance, snapshot);
  return { key, snapshot, uploaded };
}
