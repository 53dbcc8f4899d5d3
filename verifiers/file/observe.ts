import type { FileFact, SnapshotNeeds } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { FileSpec } from './schema.ts';

export interface FileFacts {
  readonly file: FileFact;
  /** How the snapshot was taken. */
  readonly via: string;
}

export function fileNeeds(spec: FileSpec): SnapshotNeeds {
  const content = spec.content !== undefined || spec.lines !== undefined || spec.sha256 !== undefined;
  return { files: [{ path: spec.file, content }] };
}

/** Reads the snapshot only. Throws when the file could not be looked at, which is not the same as absent. */
export async function observeFile(spec: FileSpec, probe: Probe): Promise<FileFacts> {
  const { files, via } = probe.snapshot;
  // Two checks may ask for the same path; the entry with content serves both.
  const file = files.filter((one) => one.path === spec.file).toSorted(withContentFirst)[0];
  if (!file) throw new Error(`${spec.file} is missing from the snapshot`);
  if (file.error !== undefined) throw new Error(`${spec.file}: ${file.error}`);
  return { file, via };
}

function withContentFirst(a: FileFact, b: FileFact): number {
  return Number(b.content !== undefined) - Number(a.content !== undefined);
}
