import tap from 'tap';
import { findingsOf, instanceNamed, loadFrom, placeOf } from '../../test/corpus/kitchen-folder.ts';

async function problems(t: Parameters<typeof loadFrom>[0], suites: string): Promise<readonly string[]> {
  const errors = await findingsOf(t, `platforms: [{name: p}, {name: q}]\nsuites:\n${suites}`);
  return errors.map((one) => `${placeOf(one)} ${one.message}${one.hint ? ` (${one.hint})` : ''}`);
}

await tap.test('an instance starts from the other suite’s instance on its own platform', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: ubuntu-24.04}, {name: q}]
suites: [{name: app, from: base_os}, {name: base_os}, {name: free, from: }]`,
  );
  t.same(instanceNamed(kitchen, 'app-ubuntu-2404').from, {
    suite: 'base_os',
    instance: 'base-os-ubuntu-2404',
  });
  t.equal(instanceNamed(kitchen, 'free-q').from, undefined);
  t.match(instanceNamed(kitchen, 'app-q').locate(['from']), { file: 'kitchen.yml', line: 2 });
});

await tap.test('a base that is no suite, with the one that was meant', async (t) => {
  t.same(await problems(t, '  - {name: app, from: bsae}\n  - {name: base}\n'), [
    'kitchen.yml:3:23 the suite "app" starts from "bsae", which is no suite here (did you mean "base"?)',
  ]);
});

await tap.test('circles are told once each', async (t) => {
  const found = await problems(
    t,
    '  - {name: a, from: c}\n  - {name: b, from: a}\n  - {name: c, from: b}\n  - {name: d, from: c}\n  - {name: e, from: e}\n',
  );
  t.equal(found.length, 2, found.join('\n'));
  t.match(found[0], /^kitchen\.yml:3:21 these suites start from each other: a → c → b → a \(remove one/);
  t.match(found[1], /^kitchen\.yml:7:21 the suite "e" starts from itself/);
});

await tap.test('a base must run on every platform of the suite', async (t) => {
  t.same(await problems(t, '  - {name: app, from: base}\n  - {name: base, excludes: q}\n'), [
    'kitchen.yml:3:23 the suite "app" starts from "base", which does not run on q (let "base" run there too, or exclude it from "app")',
  ]);
});
