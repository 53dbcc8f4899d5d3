import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GalleyError } from '../core/errors.ts';

/** A local file that goes to the instance. */
export interface LocalFile {
  /** Relative to the folder that was listed, with `/`. */
  readonly path: string;
  readonly absolute: string;
  /** 0o755 for executables, else 0o644. */
  readonly mode: number;
  readonly sha256: string;
}

/** How many files are read at the same time. */
const PARALLEL_READS = 32;
const REPLACEMENT = '\uFFFD';

/**
 * Regular files below a folder in sorted order, symbolic links followed, without `.git` and without links that lead
 * nowhere. `wanted` decides by relative path. Empty when the folder does not exist. Throws `chef.file_name` (config) for
 * a wanted file whose name cannot be sent: with a line break, or in bytes that are not UTF-8.
 */
export async function listFiles(
  dir: string,
  wanted: (path: string) => boolean = () => true,
): Promise<readonly LocalFile[]> {
  const found: { path: string; absolute: string; mode: number }[] = [];
  await walk(
    dir,
    '',
    new Set(),
    async (path, absolute, executable) => {
      if (wanted(path)) found.push({ path, absolute, mode: executable ? 0o755 : 0o644 });
    },
    (path) => {
      if (wanted(path)) throw unusableName(dir, path);
    },
  );
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const files: LocalFile[] = [];
  for (let start = 0; start < found.length; start += PARALLEL_READS) {
    const hashed = found.slice(start, start + PARALLEL_READS).map(async (file) => ({
      ...file,
      sha256: sha256(await readFile(file.absolute)),
    }));
    files.push(...(await Promise.all(hashed)));
  }
  return files;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

type Visit = (path: string, absolute: string, executable: boolean) => Promise<void>;

function unusableName(dir: string, path: string): GalleyError {
  const isBroken = path.includes(REPLACEMENT);
  return new GalleyError({
    code: 'chef.file_name',
    kind: 'config',
    message: `a file name below ${dir} cannot be sent: ${JSON.stringify(path)}`,
    got: isBroken ? 'a name that is not UTF-8 (� stands for the bytes)' : 'a line break in the name',
    hint: 'rename the file, or name it in chefignore',
  });
}

async function walk(
  dir: string,
  prefix: string,
  ancestors: ReadonlySet<string>,
  visit: Visit,
  onUnusable: (path: string) => void,
): Promise<void> {
  const real = await realpath(dir).catch(() => undefined);
  // A link to one of its own parent folders would never end.
  if (real === undefined || ancestors.has(real)) return;
  for (const entry of await readdir(real, { withFileTypes: true })) {
    if (entry.name === '.git') continue;
    const absolute = join(dir, entry.name);
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    // Node puts the replacement character for bytes that are no UTF-8, and then cannot open the file by that name.
    if (entry.name.includes('\n') || entry.name.includes(REPLACEMENT)) {
      onUnusable(path);
      continue;
    }
    const info = await stat(absolute).catch(() => undefined);
    if (info?.isDirectory()) await walk(absolute, path, new Set([...ancestors, real]), visit, onUnusable);
    else if (info?.isFile()) await visit(path, absolute, (info.mode & 0o100) !== 0);
  }
}
