import tap from 'tap';
import { slug, takeName } from './slug.ts';

await tap.test('a slug has letters, digits and single dashes inside, also where it is cut', async (t) => {
  t.equal(slug('GET /items?q=1'), 'get-items-q-1');
  t.equal(slug('-- ünïcode --'), 'n-code');
  t.equal(slug('ab cd', 3), 'ab');
  t.equal(slug('!?'), '');
});

await tap.test('a taken name never repeats another one, not even one that looks numbered', async (t) => {
  const used = new Set<string>();
  t.same(
    ['a', 'a-2', 'a', 'a'].map((wanted) => takeName(used, wanted)),
    ['a', 'a-2', 'a-3', 'a-4'],
  );
});
