import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize, posix, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GalleyError } from '../../core/errors.ts';
import { leadsOut } from '../../core/paths.ts';
import type { Connection } from '../../core/transport.ts';
import { listFiles, sha256 } from '../../local/local-files.ts';
import { packFiles } from '../../local/tarball.ts';
import { pathMissing } from '../settings-error.ts';

/**
 * `uploads: {local: remote}`, before each converge. A folder's content goes into `remote`; a file becomes `remote`,
 * or goes into it when `remote` ends with a slash.
 */
export async function upload(
  connection: Connection,
  root: string,
  uploads: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [local, remote] of Object.entries(uploads)) {
    const absolute = resolve(root, local);
    const info = await stat(absolute).catch(() => undefined);
    if (info === undefined) throw pathMissing(['uploads', local], local, absolute);
    if (info.isDirectory()) {
      const files = (await listFiles(absolute)).map((file) => ({ ...file, source: { file: file.absolute } }));
      await connection.upload(await packFiles(files), remote);
      continue;
    }
    const target = remote.endsWith('/') ? posix.join(remote, basename(local)) : remote;
    const hash = sha256(await readFile(absolute));
    const mode = (info.mode & 0o100) === 0 ? 0o644 : 0o755;
    const file = { path: posix.basename(target), source: { file: absolute }, mode, sha256: hash };
    await connection.upload(await packFiles([file]), posix.dirname(target));
  }
}

/**
 * `downloads: {remote: local}`, after each converge, also a failed one. A file becomes `local`, or goes into it when
 * `local` ends with a slash or is a folder; a folder goes into `local`. Returns what could not be fetched.
 */
export async function download(
  connection: Connection,
  root: string,
  downloads: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [remote, local] of Object.entries(downloads)) {
    try {
      await downloadOne(connection, remote, resolve(root, local), local.endsWith('/'));
    } catch (error) {
      problems.push(`download of ${remote}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return problems;
}

async function downloadOne(
  connection: Connection,
  remote: string,
  local: string,
  intoFolder: boolean,
): Promise<void> {
  const { extract } = await import('tar-stream');
  const isFolder = intoFolder || ((await stat(local).catch(() => undefined))?.isDirectory() ?? false);
  const name = posix.basename(remote);
  const entries = extract();
  const work = (async () => {
    for await (const entry of entries) {
      const { name: path, type, mode } = entry.header;
      const content: Buffer[] = [];
      for await (const chunk of entry) content.push(chunk as Buffer);
      if (type !== 'file') continue;
      const target = path === name && !isFolder ? local : safeJoin(local, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, Buffer.concat(content), { mode: (mode ?? 0o644) & 0o777 });
    }
  })();
  await Promise.all([
    pipeline(await connection.download(remote), entries as unknown as NodeJS.WritableStream),
    work,
  ]);
}

/** The instance is not trusted with the caller's file system: a tar may name `../`. */
function safeJoin(dir: string, path: string): string {
  const inside = normalize(path);
  if (!leadsOut(inside)) return join(dir, inside);
  throw new GalleyError({
    code: 'transport.unsafe_path',
    kind: 'infrastructure',
    message: `the instance sent a file named ${path}, which would be outside ${dir}`,
    hint: 'a link or a name with ../ below the path in `downloads`: fetch the file itself',
  });
}
