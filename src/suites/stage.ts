import type { ActionContext } from '../core/action-context.ts';
import { quote } from '../core/shell-words.ts';
import type { Connection } from '../core/transport.ts';
import { type LocalFile, listFiles } from '../local/local-files.ts';
import { packFiles } from '../local/tarball.ts';

export type { LocalFile };
export { listFiles };

/** A file for the instance, relative to the folder it goes into. */
export interface StagedFile {
  readonly path: string;
  readonly source: { readonly file: string } | { readonly text: string };
  readonly mode: number;
}

/** Sends files into a folder of the instance, which is made when it is missing. */
export async function sendFiles(
  connection: Connection,
  files: readonly StagedFile[],
  folder: string,
): Promise<void> {
  await connection.upload(await packFiles(files), folder);
}

/**
 * Runs `work` with folders of the instance that hold nothing but what it puts there, and that are gone afterwards, so
 * that no later check sees them. `folders` are absolute paths below `root`, which goes too when nothing else is in it.
 */
export async function withRemoteFolders<T>(
  ctx: ActionContext,
  connection: Connection,
  root: string,
  folders: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const remove = ['rm', '-rf', ...folders].map(quote).join(' ');
  const sh = (script: string, signal?: AbortSignal) =>
    connection.execute(['/bin/sh', '-c', script], { timeoutMs: 60_000, ...(signal && { signal }) });
  await sh(remove, ctx.signal);
  try {
    return await work();
  } finally {
    // Also after an abort; an instance that is gone by now needs no cleaning.
    await sh(`${remove}; rmdir ${quote(root)} 2>/dev/null; true`).catch(() => undefined);
  }
}
