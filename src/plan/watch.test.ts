import { resolve } from 'node:path';
import tap from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import { planWatch, type Saved } from './watch.ts';

const KITCHEN = `
driver: {name: docker, image: "debian:12"}
provisioner: {name: chef_infra, data_bags_path: ../bags, attributes: {web: {port: 80}}}
lifecycle: {pre_create: [{local: "true"}], post_converge: [{local: "true"}]}
platforms: [{name: debian-12}]
suites:
  - {name: web, run_list: ["recipe[web]"], verifier: {checks: [{port: 80}]}}
  - {name: db, provisioner: {cookbook_path: ../shared}, verifier: {checks: [{port: 5432}]}}
`;
const ROOT = '/k/kitchen';
const WEB = 'web-debian-12';
const DB = 'db-debian-12';

await tap.test('where a saved file is says what it makes necessary', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const needs = (file: string, more: Partial<Saved> = {}) => plan(instances, instances, [file], more);
  const all = { [WEB]: 'converge', [DB]: 'converge' };
  for (const file of [
    'recipes/default.rb',
    'templates/x.erb',
    'cookbooks/other/files/y',
    'metadata.rb',
    'Berksfile',
    'chefignore',
    'test/cookbooks/fixture/recipes/default.rb',
    'test/integration/data_bags/a.json',
    '../bags/users/a.json',
  ]) {
    t.same(needs(file), all, file);
  }
  t.same(needs('test/integration/web/data_bags/a.json'), { [WEB]: 'converge' });
  t.same(needs('test/integration/web/default_test.rb'), { [WEB]: 'verify' });
  t.same(needs('test/integration/helpers/x.rb'), { [WEB]: 'verify', [DB]: 'verify' });
  t.same(needs('../shared/apt/recipes/default.rb'), { [DB]: 'converge' });
  t.same(
    needs('../base/recipes/default.rb', { linked: new Map([[`${ROOT}/Berksfile`, ['/k/base', '/k']]]) }),
    all,
  );
  for (const file of [
    'README.md',
    'docs/x.txt',
    'spec/unit/default_spec.rb',
    '.rubocop.yml',
    'Gemfile.lock',
    '.git/index',
    '.galley/web-debian-12.json',
    'node_modules/x/index.js',
    'recipes/.default.rb.swp',
    'recipes/.#default.rb',
    'recipes/default.rb~',
    'recipes/4913',
    '../elsewhere/x.rb',
  ]) {
    t.same(needs(file), {}, file);
  }
});

await tap.test(
  'what chefignore leaves out does not converge, but tests and Berksfile still count',
  async (t) => {
    const { instances } = await loadFrom(t, KITCHEN);
    const needs = (file: string) => {
      const absolute = at(file);
      return plan(instances, instances, [file], { chefIgnored: new Set([absolute]) });
    };
    t.same(needs('notes/x.txt'), {});
    t.same(needs('../shared/apt/x.tmp'), {});
    t.same(needs('test/integration/web/a_test.rb'), { [WEB]: 'verify' });
    t.same(needs('Berksfile'), { [WEB]: 'converge', [DB]: 'converge' });
  },
);

await tap.test(
  'what git ignores is made by a run, except a kitchen file and what a setting names',
  async (t) => {
    const { instances } = await loadFrom(t, KITCHEN);
    const needs = (file: string) => plan(instances, instances, [file], { gitIgnored: new Set([at(file)]) });
    t.same(needs('report.xml'), {});
    t.same(needs('../bags/secret.json'), { [WEB]: 'converge', [DB]: 'converge' });
    const local = planWatch(
      instances,
      instances,
      saved(['kitchen.local.yml'], { gitIgnored: new Set([at('kitchen.local.yml')]) }),
    );
    t.same(local.files, ['kitchen.local.yml'], 'it counts, and changed nothing');
    t.equal(local.needs.size, 0);
  },
);

await tap.test('of a saved kitchen counts what it changed for each instance', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const after = async (from: string, to: string) => {
    t.ok(KITCHEN.includes(from));
    const changed = await loadFrom(t, KITCHEN.replace(from, to));
    return plan(instances, changed.instances, ['kitchen.yml']);
  };
  t.same(await after('port: 5432', 'port: 5433'), { [DB]: 'verify' });
  t.same(await after('recipe[web]', 'recipe[web::tls]'), { [WEB]: 'converge' });
  t.same(await after('{web: {port: 80}}', '{web: {port: 81}}'), { [WEB]: 'converge', [DB]: 'converge' });
  t.same(await after('debian:12', 'debian:13'), { [WEB]: 'verify', [DB]: 'verify' });
  t.same(await after('pre_create: [{local: "true"}]', 'pre_create: []'), {});
  t.same(await after('post_converge: [{local: "true"}]', 'post_converge: []'), {
    [WEB]: 'converge',
    [DB]: 'converge',
  });
  t.same(
    await after(
      'post_converge: [{local: "true"}]',
      'post_converge: [{local: "true"}], pre_verify: [{local: "true"}]',
    ),
    { [WEB]: 'verify', [DB]: 'verify' },
  );
  t.same(await after('{name: web,', '{name: web, tags: [x],'), {});
  t.same(await after('\ndriver', '\n\n# a comment moves every line\ndriver'), {});
  t.same(await after('suites:', 'suites:\n  - {name: new}'), { 'new-debian-12': 'verify' });
});

await tap.test('a step that only checks something else is only verified', async (t) => {
  const kitchen = (first: string, second: string) => `
driver: {name: docker}
platforms: [{name: debian-12}]
suites:
  - name: up
    steps:
      - {name: old, run_list: ["recipe[${first}]"], verifier: {checks: [{port: ${second}}]}}
      - {name: new, run_list: ["recipe[b]"]}
`;
  const { instances } = await loadFrom(t, kitchen('a', '80'));
  const after = async (first: string, second: string) =>
    plan(instances, (await loadFrom(t, kitchen(first, second))).instances, ['kitchen.yml']);
  t.same(await after('a', '81'), { 'up-debian-12': 'verify' });
  t.same(await after('c', '81'), { 'up-debian-12': 'converge' });
  t.same(await after('a', '80'), {});
});

await tap.test('one converge covers what only needed a verify', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const both = plan(instances, instances, [
    'test/integration/web/a.rb',
    'recipes/a.rb',
    'test/integration/web/b.rb',
  ]);
  t.same(both, { [WEB]: 'converge', [DB]: 'converge' });
});

function at(file: string): string {
  return resolve(ROOT, file);
}

function saved(files: readonly string[], more: Partial<Saved> = {}): Saved {
  return {
    files: files.map(at),
    root: ROOT,
    kitchenFiles: ['kitchen.yml', 'kitchen.local.yml'].map(at),
    linked: new Map(),
    gitIgnored: new Set(),
    chefIgnored: new Set(),
    ...more,
  };
}

function plan(
  before: readonly InstanceConfig[],
  after: readonly InstanceConfig[],
  files: readonly string[],
  more: Partial<Saved> = {},
): object {
  return Object.fromEntries(planWatch(before, after, saved(files, more)).needs);
}
