import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { listFiles } from './local-files.ts';

await tap.test(
  'files and links to files, in order; what leads nowhere or in circles is left out',
  async (t) => {
    const dir = t.testdir({ b: 'b', a: { x: 'x' }, '.git': { config: '' } });
    symlinkSync('b', join(dir, 'link'));
    symlinkSync('nowhere', join(dir, 'dangling'));
    symlinkSync('..', join(dir, 'a', 'up'));
    t.same(
      (await listFiles(dir)).map((file) => file.path),
      ['a/x', 'b', 'link'],
    );
    t.same(await listFiles(join(dir, 'missing')), []);
  },
);

await tap.test('a name that cannot be sent is an error, not a file less, unless it is ignored', async (t) => {
  for (const [name, got] of [
    ['two\nlines', /line break/],
    [Buffer.from([0x61, 0xe4]), /not UTF-8/],
  ] as const) {
    const dir = t.testdir({});
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(name)]), 'x');
    await t.rejects(listFiles(dir), { code: 'chef.file_name', kind: 'config', got });
    t.same(await listFiles(dir, () => false), []);
  }
});
