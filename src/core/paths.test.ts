import { join, sep } from 'node:path';
import tap from 'tap';
import { isBelow, leadsOut, pathFrom, slashed } from './paths.ts';

await tap.test('a path is shown from the folder that it lies in, else as it was given', async (t) => {
  const root = join(sep, 'home', 'me', 'kitchen');
  t.equal(pathFrom(root, join(root, 'test', 'a.rb')), join('test', 'a.rb'));
  t.equal(pathFrom(root, join('test', 'a.rb')), join('test', 'a.rb'));
  t.equal(pathFrom(root, join(sep, 'home', 'me', 'other', 'a.rb')), join(sep, 'home', 'me', 'other', 'a.rb'));
  t.equal(pathFrom(root, join('..', 'other')), join('..', 'other'));
});

await tap.test('a name that begins with two dots leads nowhere else', async (t) => {
  const cases = { '..': true, '../a': true, '/a': true, '..a': false, '...': false, a: false, '': false };
  for (const [path, expected] of Object.entries(cases)) t.equal(leadsOut(path), expected, path);
});

await tap.test('below is not beside, and not the folder itself', async (t) => {
  t.ok(isBelow(join('a', 'b', 'c'), 'a'));
  t.notOk(isBelow(join('ab', 'c'), 'a'));
  t.notOk(isBelow('a', 'a'));
  t.equal(slashed(join('a', 'b')), 'a/b');
});
