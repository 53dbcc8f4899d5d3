import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { GalleyError } from '../core/errors.ts';

/** Writes a file that must not be there yet. Throws what `exists` makes, and `usage.cannot_write`. */
export async function writeNew(
  file: string,
  content: string,
  exists: (name: string) => GalleyError,
): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(basename(file));
    throw new GalleyError({
      code: 'usage.cannot_write',
      kind: 'usage',
      message: `cannot write ${file}: ${(error as Error).message}`,
      hint: 'check the permissions of the folder',
      cause: error,
    });
  }
}

/** For drafts of checks, which somebody may have worked on since. */
export function draftExists(name: string): GalleyError {
  return new GalleyError({
    code: 'usage.draft_exists',
    kind: 'usage',
    message: `there is a ${name} already; it is not overwritten`,
    hint: 'give --write another name, or leave it out: the checks are then printed',
  });
}
