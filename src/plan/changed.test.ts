import tap from 'tap';
import type { InstanceConfig } from '../core/kitchen.ts';
import { changedInstances } from './changed.ts';

const instance = (suite: string, settings: Record<string, unknown> = {}) =>
  ({
    instance: { name: suite, suite, platform: 'p' },
    provisioner: { settings },
  }) as unknown as InstanceConfig;
const KITCHEN = [
  instance('web'),
  instance('db', { data_bags_path: '../shared/bags', berksfile_path: 'berks/db.rb' }),
];
const LINKED = new Map([
  ['/r/cookbook/Berksfile', ['/r/base']],
  ['/r/cookbook/berks/db.rb', ['/r/database']],
]);
const names = (...files: string[]) =>
  changedInstances(KITCHEN, {
    files,
    root: '/r/cookbook',
    kitchenFiles: ['/r/cookbook/kitchen.yml'],
    linked: LINKED,
  }).map((one) => one.instance.name);

await tap.test('kitchen files and the cookbook concern all instances', async (t) => {
  t.same(names('/r/cookbook/kitchen.yml'), ['web', 'db']);
  t.same(names('/r/cookbook/recipes/db.rb'), ['web', 'db'], 'nobody knows which recipe is used where');
  t.same(names('/r/cookbook/test/integration/helpers.rb'), ['web', 'db']);
  t.same(names('/r/cookbook/test/integration/unknown/x.rb'), ['web', 'db']);
});

await tap.test("a suite's own test folder concerns that suite", async (t) => {
  t.same(names('/r/cookbook/test/integration/db/x_test.rb'), ['db']);
});

await tap.test('what nothing reads concerns none', async (t) => {
  t.same(names('/r/cookbook/README.md', '/r/cookbook/docs/a.md', '/r/cookbook/.gitignore'), []);
  t.same(names('/r/cookbook/templates/README.md.erb', '/r/cookbook/files/docs.md'), ['web', 'db']);
  t.same(names(), []);
});

await tap.test('outside the kitchen only where a setting leads', async (t) => {
  t.same(names('/r/other/recipes/default.rb'), []);
  t.same(names('/r/shared/bags/users/a.json'), ['db']);
  t.same(names('/r/shared/bags2/a.json'), []);
  t.same(names('/r/base/recipes/default.rb'), ['web'], 'its Berksfile');
  t.same(names('/r/database/recipes/default.rb'), ['db'], 'the one that a setting names');
});
