import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

const GONE = 'gone';
/** Larger files are told apart by size and time alone. */
const HASHED_BYTES = 4 * 1024 * 1024;

/**
 * What files held when they were last looked at: a save that changed nothing, and a lock file that a run writes again
 * as it was, are no change.
 */
export class Contents {
  readonly #known = new Map<string, string>();

  /** Remembers the file as it is. */
  async remember(file: string): Promise<void> {
    this.#known.set(file, await digestOf(file));
  }

  /** Those of the files that are not as they were, or that are new. One that was made and removed again is not. */
  async changed(files: readonly string[]): Promise<readonly string[]> {
    const now = await Promise.all(files.map(async (file) => [file, await digestOf(file)] as const));
    const changed = now.filter(([file, digest]) => (this.#known.get(file) ?? GONE) !== digest);
    for (const [file, digest] of changed) this.#known.set(file, digest);
    return changed.map(([file]) => file);
  }
}

async function digestOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs, mode } = await stat(file);
    if (size > HASHED_BYTES) return `${size} ${mtimeMs}`;
    return `${mode} ${createHash('sha256')
      .update(await readFile(file))
      .digest('hex')}`;
  } catch {
    return GONE;
  }
}
