import type { Readable } from 'node:stream';
import { extract, pack } from 'tar-stream';

/** A tar of files that belong to www-data and are not executable. */
export function tarOf(files: Record<string, string | Buffer>): Readable {
  const tar = pack();
  for (const [name, content] of Object.entries(files))
    tar.entry({ name, mode: 0o640, uid: 33, gid: 33 }, content);
  tar.finalize();
  return tar as unknown as Readable;
}

/** What is in a tar, sorted. */
export async function namesOf(tar: Readable): Promise<string[]> {
  const names: string[] = [];
  const source = extract();
  tar.pipe(source);
  for await (const entry of source) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names.toSorted();
}
