import tap from 'tap';
import { extract } from 'tar-stream';
import { packFiles } from './tarball.ts';

await tap.test('a tar of many small files comes in a few pieces, whole and in order', async (t) => {
  const files = Array.from({ length: 600 }, (_, n) => ({
    path: `folder/${n}`,
    mode: 0o644,
    source: { text: `content of ${n}` },
  }));
  const pieces: Buffer[] = [];
  for await (const piece of await packFiles(files)) pieces.push(piece as Buffer);
  t.ok(pieces.length <= 4, `${pieces.length} pieces`);
  const found: string[] = [];
  const entries = extract();
  entries.end(Buffer.concat(pieces));
  for await (const entry of entries) {
    const content: Buffer[] = [];
    for await (const chunk of entry) content.push(chunk as Buffer);
    if (entry.header.type === 'file') found.push(`${entry.header.name} ${Buffer.concat(content).toString()}`);
  }
  t.same(
    found,
    files.map(({ path, source }) => `${path} ${source.text}`),
  );
});

await tap.test('a file that is gone breaks the stream', async (t) => {
  const tar = await packFiles([{ path: 'a', mode: 0o644, source: { file: '/nope/at/all' } }]);
  await t.rejects(tar.toArray(), { code: 'ENOENT' });
});
