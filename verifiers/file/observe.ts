import { needsConverge } from '../../src/checks/with-converge.ts';
import type { FileFact, SnapshotNeeds } from '../../src/core/snapshot.ts';
import type { MountFact } from '../../src/core/system-facts.ts';
import type { Marks, Probe } from '../../src/core/verifier.ts';
import { type Access, readAs } from './access.ts';
import { readAcls } from './acl.ts';
import { type FileSpec, FORMATS, isPattern } from './schema.ts';

export interface FileFacts {
  /** The file, or all that match the pattern. */
  readonly files: readonly FileFact[];
  /** A pattern matches more than were read. */
  readonly isCut?: boolean;
  /** How the snapshot was taken. */
  readonly via: string;
  readonly mounts?: readonly MountFact[] | undefined;
  /** User → path → whether it could be read. */
  readonly access?: ReadonlyMap<string, ReadonlyMap<string, Access>>;
  readonly acls?: ReadonlyMap<string, readonly string[]>;
  /** Start of the last converge by the instance's clock; undefined when nobody remembered it. */
  readonly convergedAt?: number | undefined;
}

export function fileNeeds(spec: FileSpec): SnapshotNeeds {
  const content =
    spec.content !== undefined ||
    spec.lines !== undefined ||
    spec.sha256 !== undefined ||
    FORMATS.some((format) => spec[format] !== undefined);
  return {
    ...(isPattern(spec)
      ? { globs: [{ pattern: spec.file, content }] }
      : { files: [{ path: spec.file, content }] }),
    ...(spec.mountedOn && { mounts: [{ path: '/', usage: false }] }),
  };
}

/** `mtime: {changedSince: converge}` needs the time at which the converge began. */
export const fileMarks: Marks<FileSpec> = {
  when: (spec) => (spec.mtime && needsConverge(spec.mtime) ? 'converge' : undefined),
  key: () => 'time',
  needs: () => ({ files: [{ path: '/', content: false }] }),
  take: async (_spec, { snapshot }) => snapshot.takenAt,
};

/** Throws when a file could not be looked at, which is not the same as absent. */
export async function observeFile(spec: FileSpec, probe: Probe): Promise<FileFacts> {
  const { snapshot, connection, signal, mark } = probe;
  const { via } = snapshot;
  const glob = snapshot.globs?.[spec.file];
  if (isPattern(spec) && !glob) throw new Error(`${spec.file} is missing from the snapshot`);
  const files = (glob?.paths ?? [spec.file]).map((path) => factOf(path, snapshot.files));
  const there = files.filter((file) => file.exists).map((file) => file.path);
  const users = [...(spec.readableBy ?? []), ...(spec.unreadableBy ?? [])];
  const isThere = there.length > 0;
  const access = isThere
    ? await Promise.all(
        users.map(async (user) => [user, await readAs(user, there, connection, signal)] as const),
      )
    : [];
  return {
    files,
    isCut: glob?.isCut ?? false,
    via,
    mounts: snapshot.mounts?.mounts,
    access: new Map(access),
    ...(spec.acl && isThere && { acls: await readAcls(there, connection, signal) }),
    convergedAt: mark && 'value' in mark ? Number(mark.value) : undefined,
  };
}

/** Two checks may ask for the same path; the entry with content serves both. */
function factOf(path: string, all: readonly FileFact[]): FileFact {
  const file = all.filter((one) => one.path === path).toSorted(withContentFirst)[0];
  if (!file) throw new Error(`${path} is missing from the snapshot`);
  if (file.error !== undefined) throw new Error(`${path}: ${file.error}`);
  return file;
}

function withContentFirst(a: FileFact, b: FileFact): number {
  return Number(b.content !== undefined) - Number(a.content !== undefined);
}
