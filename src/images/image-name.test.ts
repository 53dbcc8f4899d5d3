import tap from 'tap';
import type { Engine } from '../docker/connect.ts';
import { inspected } from './ensure.ts';
import { isImageName } from './image-name.ts';

await tap.test('names of images, with registries, tags and digests', async (t) => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  for (const name of ['debian', 'debian:12', 'a/b_c/d--e:V1.0', 'localhost:5000/x', `x@${digest}`, digest]) {
    t.ok(isImageName(name), name);
  }
  for (const name of ['', '../x', 'a/../b', '/x', 'a//b', 'a b', 'a?b', 'a#b', 'p;touch x', 'a/./b', '-rf']) {
    t.notOk(isImageName(name), name);
  }
});

await tap.test('what cannot name an image is not asked for', async (t) => {
  await t.rejects(inspected({} as Engine, '../../../etc/x'), { code: 'image.bad_name', kind: 'config' });
});
