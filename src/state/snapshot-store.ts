import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from './atomic-write.ts';
import { SNAPSHOTS, SUFFIX } from './snapshot-names.ts';
import { stateError } from './state-store.ts';

/** The snapshot of one instance that others start from. Written before it is taken, and again when it is there. */
export const SnapshotRecord = z.object({
  v: z.literal(1),
  instance: z.string(),
  driver: z.string(),
  /** Digest of all that it was made from. */
  key: z.string(),
  name: z.string(),
  /** The driver's; without it the snapshot was not finished. */
  id: z.string().optional(),
  /** What the machine had been sent: path below the root path → content hash. */
  uploaded: z.record(z.string(), z.string()),
  /** ISO 8601; after it the snapshot is taken anew, because what converges fetch from elsewhere grows old. */
  expires: z.string(),
});
export type SnapshotRecord = z.infer<typeof SnapshotRecord>;

/** The records of snapshots, one per instance, in a folder below the state files. */
export class SnapshotStore {
  readonly dir: string;

  /** `stateDir`: absolute path of the state folder. */
  constructor(stateDir: string) {
    this.dir = join(stateDir, SNAPSHOTS);
  }

  /** Undefined when there is none, or none that can be read: labels lead to what it was about. */
  async read(instance: string): Promise<SnapshotRecord | undefined> {
    try {
      return SnapshotRecord.parse(JSON.parse(await readFile(this.#path(instance), 'utf8')));
    } catch {
      return undefined;
    }
  }

  async write(record: SnapshotRecord): Promise<void> {
    const path = this.#path(record.instance);
    try {
      await writeFileAtomic(path, `${JSON.stringify(record, null, 1)}\n`);
    } catch (error) {
      throw stateError('write', path, error);
    }
  }

  async remove(instance: string): Promise<void> {
    await rm(this.#path(instance), { force: true });
  }

  #path(instance: string): string {
    return join(this.dir, `${instance}${SUFFIX}`);
  }
}
