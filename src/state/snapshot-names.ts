import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

// Read by `list`, which loads no schema.

/** Folder of the snapshot records, below the state files. */
export const SNAPSHOTS = 'snapshots';
export const SUFFIX = '.json';

/** Instances whose snapshot is recorded, whatever is in the record. `stateDir`: folder of the state files. */
export async function snapshotNames(stateDir: string): Promise<readonly string[]> {
  const entries = await readdir(join(stateDir, SNAPSHOTS)).catch(() => [] as string[]);
  return entries.filter((entry) => entry.endsWith(SUFFIX)).map((entry) => basename(entry, SUFFIX));
}
