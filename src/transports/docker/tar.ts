import type { Readable } from 'node:stream';
import type { Header } from 'tar-stream';

/** Rewrites a tar so that it unpacks into `folder` (a relative path), whose parts it makes itself, mode 0755. */
export async function belowFolder(tar: Readable, folder: string): Promise<Readable> {
  const { extract, pack } = await import('tar-stream');
  const source = extract();
  const out = pack();
  let at = '';
  for (const part of folder.split('/')) {
    at += `${part}/`;
    out.entry({ name: at, type: 'directory', mode: 0o755 });
  }
  source.on('entry', (header, content, next) => {
    const entry = out.entry(moved(header, folder), next);
    content.pipe(entry);
  });
  source.on('finish', () => out.finalize());
  source.on('error', (error) => out.destroy(error));
  tar.on('error', (error) => out.destroy(error));
  tar.pipe(source);
  return out as unknown as Readable;
}

function moved(header: Header, folder: string): Header {
  const below = (name: string) => `${folder}/${name.replace(/^(\.?\/)+/, '').replace(/^\.$/, '')}`;
  const isHardLink = header.type === 'link' && header.linkname;
  // A pax path of the source would win over the new name.
  return {
    ...header,
    name: below(header.name),
    pax: null,
    ...(isHardLink && { linkname: below(header.linkname ?? '') }),
  };
}

export type FirstEntry =
  | { readonly type: 'file'; readonly content: Buffer }
  | { readonly type: 'symlink'; readonly target: string }
  | { readonly type: 'other' };

/** What the first entry of a tar is; the rest is not read. */
export async function firstEntry(tar: Readable): Promise<FirstEntry> {
  const { extract } = await import('tar-stream');
  const source = extract();
  tar.on('error', (error) => source.destroy(error));
  tar.pipe(source);
  try {
    for await (const entry of source) {
      const { type, linkname } = entry.header;
      if (type === 'symlink') return { type: 'symlink', target: linkname ?? '' };
      if (type !== 'file' && type !== 'contiguous-file') return { type: 'other' };
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      return { type: 'file', content: Buffer.concat(chunks) };
    }
    return { type: 'other' };
  } finally {
    tar.destroy();
  }
}
