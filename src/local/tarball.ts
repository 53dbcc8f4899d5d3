import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { PlannedFile } from './planned-file.ts';

/** 2000-01-01: a fixed time, so that equal content gives equal bytes, and late enough for every tar. */
const MTIME = new Date(Date.UTC(2000, 0, 1));

/** Bytes that are sent at a time. */
const PIECE = 256 * 1024;

/** A tar of the files with the folders they need, owned by root, in the given order. */
export async function packFiles(files: readonly Omit<PlannedFile, 'sha256'>[]): Promise<Readable> {
  const { pack } = await import('tar-stream');
  const tar = pack();
  const folders = new Set<string>();
  const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: MTIME };
  const entry = (header: Parameters<typeof tar.entry>[0], content?: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      if (content === undefined) tar.entry(header, done);
      else tar.entry(header, content, done);
    });
  const fill = async (): Promise<void> => {
    for (const file of files) {
      for (const folder of parents(file.path)) {
        if (folders.has(folder)) continue;
        folders.add(folder);
        await entry({ name: `${folder}/`, type: 'directory', mode: 0o755, ...owner });
      }
      const content =
        'text' in file.source ? Buffer.from(file.source.text) : await readFile(file.source.file);
      await entry({ name: file.path, mode: file.mode, size: content.length, ...owner }, content);
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error as Error));
  return Readable.from(inPieces(tar), { objectMode: false });
}

/** tar-stream gives each header and content by itself: over SSH every one would be a packet with its own wait. */
async function* inPieces(tar: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of tar) {
    const part = chunk as Uint8Array;
    parts.push(part);
    size += part.length;
    if (size < PIECE) continue;
    yield Buffer.concat(parts);
    parts = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(parts);
}

function parents(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
