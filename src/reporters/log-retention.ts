import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const KEPT_RUNS = 20;
/** A folder written to within this time may belong to a run that is still going on. */
const QUIET_MS = 3600_000;

/** The shape of a run id, so that nothing else in the folder is ever removed. */
const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4,5}$/;

export interface RunFolder {
  readonly name: string;
  /** When its events were last written to, milliseconds since the epoch. */
  readonly touchedMs: number;
}

/** The folders to remove: all but the newest `keep` runs, except those that another Galley may be writing to. */
export function staleRuns(folders: readonly RunFolder[], keep: number, nowMs: number): readonly string[] {
  return folders
    .filter((folder) => RUN_ID.test(folder.name))
    .toSorted((a, b) => (a.name < b.name ? 1 : -1))
    .slice(keep)
    .filter((folder) => nowMs - folder.touchedMs > QUIET_MS)
    .map((folder) => folder.name);
}

/** Removes old logs, so that `keep` runs remain. Never fails a run: what cannot be removed stays. */
export async function removeStaleRuns(
  logsDir: string,
  keep: number = KEPT_RUNS,
  nowMs = Date.now(),
): Promise<void> {
  const names = await readdir(logsDir).catch(() => [] as string[]);
  if (names.length <= keep) return;
  const folders = await Promise.all(
    names.map(async (name) => {
      const events = await stat(join(logsDir, name, 'events.ndjson')).catch(() => undefined);
      return { name, touchedMs: events?.mtimeMs ?? 0 };
    }),
  );
  const remove = (name: string) =>
    rm(join(logsDir, name), { recursive: true, force: true }).catch(() => undefined);
  await Promise.all(staleRuns(folders, keep, nowMs).map(remove));
}
