import { chmod, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { Contents } from './contents.ts';

await tap.test('only what has other content, or is new or gone, has changed', async (t) => {
  const dir = t.testdir({ a: 'one', b: 'one' });
  const [a, b, c] = [join(dir, 'a'), join(dir, 'b'), join(dir, 'c')];
  const contents = new Contents();
  await contents.remember(a);
  await contents.remember(b);
  await utimes(a, 1, 1);
  await writeFile(b, 'one');
  t.same(await contents.changed([a, b]), []);
  await writeFile(a, 'two');
  await writeFile(c, 'new');
  t.same(await contents.changed([a, b, c]), [a, c]);
  t.same(await contents.changed([a, b, c]), []);
  await rm(a);
  await chmod(b, 0o755);
  t.same(await contents.changed([a, b, c]), [a, b]);
  t.same(await contents.changed([join(dir, 'made-and-removed')]), [], 'as sed -i and editors do');
});
