import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import tap from 'tap';
import { extract, pack } from 'tar-stream';
import { createDockerTransport } from './index.ts';
import { belowFolder, firstEntry } from './tar.ts';
import { grants, isHidden } from './target.ts';

await tap.test('whether a container may look into other processes', async (t) => {
  t.equal(grants(['SYS_PTRACE'], [], 'SYS_PTRACE'), true);
  t.equal(grants(['CAP_SYS_PTRACE'], null, 'SYS_PTRACE'), true);
  t.equal(grants(['ALL'], ['SYS_RESOURCE'], 'SYS_PTRACE'), true);
  t.equal(grants(['all'], ['sys_ptrace'], 'SYS_PTRACE'), false);
  t.equal(grants(null, null, 'SYS_PTRACE'), false);
});

await tap.test('folders the archive API does not see', async (t) => {
  const target = { hidden: ['/tmp', '/mem/'] };
  for (const path of ['/tmp', '/tmp/x', '/mem/x']) t.equal(isHidden(target, path), true, path);
  for (const path of ['/', '/tmpx', '/opt/tmp', '/memory']) t.equal(isHidden(target, path), false, path);
});

await tap.test('a tar moved below a folder', async (t) => {
  const tar = pack();
  tar.entry({ name: './', type: 'directory', mode: 0o700 });
  tar.entry({ name: './a', mode: 0o600, uid: 5 }, 'a');
  tar.entry({ name: 'x'.repeat(150), mode: 0o644 }, 'long');
  tar.entry({ name: 'hard', type: 'link', linkname: './a' });
  tar.entry({ name: 'soft', type: 'symlink', linkname: 'a' });
  tar.finalize();
  const seen: string[] = [];
  const source = extract();
  (await belowFolder(tar as unknown as Readable, 'new/deep')).pipe(source);
  for await (const entry of source) {
    const { name, linkname, mode } = entry.header;
    const content = (await buffer(entry)).toString();
    seen.push([name, mode?.toString(8), linkname ?? '', content].join(' ').trimEnd());
  }
  t.same(seen, [
    'new/ 755',
    'new/deep/ 755',
    'new/deep/ 700',
    'new/deep/a 600  a',
    `new/deep/${'x'.repeat(150)} 644  long`,
    'new/deep/hard 644 new/deep/a',
    'new/deep/soft 644 a',
  ]);
});

await tap.test('the first entry of a tar', async (t) => {
  const tar = pack();
  tar.entry({ name: 'a' }, 'content');
  tar.entry({ name: 'b' }, 'other');
  tar.finalize();
  t.match(await firstEntry(tar as unknown as Readable), { type: 'file', content: Buffer.from('content') });
});

await tap.test('settings', async (t) => {
  const { config } = createDockerTransport({ env: {} });
  t.same(config.parse({ read_timeout: 5, working_dir: '/srv' }), { read_timeout: 5, working_dir: '/srv' });
  t.equal(config.safeParse({ pasword: 'x' }).success, false);
});
