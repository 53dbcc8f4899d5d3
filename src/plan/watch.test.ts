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

/** A cookbook of the kitchen that sends this file, or does not. */
const inCookbook = (file: string, dir: string, isSent: boolean): Partial<Saved> => ({
  cookbooks: new Map([[at(file), [{ dir: at(dir), isSent }]]]),
});

await tap.test('what is sent, or decides what is sent, is converged', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const needs = (file: string, more: Partial<Saved> = {}) => plan(instances, instances, [file], more);
  const all = { [WEB]: 'converge', [DB]: 'converge' };
  t.same(needs('recipes/default.rb', inCookbook('recipes/default.rb', '.', true)), all);
  t.same(
    needs('cookbooks/other/files/y', inCookbook('cookbooks/other/files/y', 'cookbooks/other', true)),
    all,
  );
  for (const file of [
    'metadata.rb',
    'Berksfile',
    'chefignore',
    'test/integration/data_bags/a.json',
    'data_bags/users/a.json',
    '../bags/users/a.json',
  ]) {
    t.same(needs(file), all, file);
  }
  t.same(needs('test/integration/web/data_bags/a.json'), { [WEB]: 'converge' });
  t.same(needs('../shared/apt/recipes/default.rb'), { [DB]: 'converge' });
  const base = '../base/recipes/default.rb';
  const linked = new Map([[`${ROOT}/Berksfile`, ['/k/base', '/k']]]);
  t.same(needs(base, { linked }), all);
  t.same(
    needs('../base/spec/x.rb', {
      linked: new Map([[`${ROOT}/Berksfile`, ['/k/base']]]),
      ...inCookbook('../base/spec/x.rb', '../base', false),
    }),
    {},
  );
});

await tap.test('what is neither sent nor named is left alone', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  for (const file of [
    'README.md',
    'README',
    'notes.txt',
    'report.xml',
    'reports/junit.xml',
    'docs/x.txt',
    'spec/unit/default_spec.rb',
    '.rubocop.yml',
    'Gemfile.lock',
    'bootstrap.sh',
    'test/integration/web/default_test.rb',
    '.git/index',
    '.galley/web-debian-12.json',
    '.kitchen/logs/kitchen.log',
    'node_modules/x/index.js',
    'recipes/.default.rb.swp',
    'recipes/.#default.rb',
    'recipes/default.rb~',
    'recipes/4913',
    '../elsewhere/x.rb',
  ]) {
    t.same(plan(instances, instances, [file], inCookbook(file, '.', false)), {}, file);
  }
  const { files, unread } = planWatch(instances, instances, saved(['notes.txt', '.git/index', 'a.rb~']));
  t.same([files, unread], [[], ['notes.txt']], 'what editors and tools leave is not even told of');
  const left = '../shared/apt/spec/x_spec.rb';
  t.same(
    plan(instances, instances, [left], inCookbook(left, '../shared/apt', false)),
    {},
    'below a cookbook_path',
  );
});

await tap.test('tests are verified where a test suite reads them, each suite its own', async (t) => {
  const text = KITCHEN.replaceAll(/checks: \[\{port: (\d+)\}\]/g, 'name: inspec');
  const { instances } = await loadFrom(t, text);
  const needs = (file: string) => plan(instances, instances, [file], inCookbook(file, '.', false));
  t.same(needs('test/integration/web/default_test.rb'), { [WEB]: 'verify' });
  t.same(needs('test/integration/helpers/x.rb'), { [WEB]: 'verify', [DB]: 'verify' });
  t.same(needs('test/smoke/db/x.rb'), { [DB]: 'verify' });
  t.same(needs('test/integration/web/README.md'), {});
  t.same(needs('test/integration/web/roles/a.json'), { [WEB]: 'converge' });
});

await tap.test('what a setting names counts, as a path or as a word of a command', async (t) => {
  const { instances } = await loadFrom(
    t,
    `
kitchen: {test_base_path: test/mine}
driver: {name: docker, volumes: ["./app:/srv/app"]}
provisioner: {name: shell, command: "sh scripts/setup.sh && true", uploads: {conf/app.ini: /etc/app.ini}}
lifecycle: {pre_converge: [{local: ./tools/build.sh}], post_verify: [{local: "sh tools/after.sh"}], pre_create: [{local: ./x.sh}]}
platforms: [{name: debian-12}]
suites:
  - {name: web, verifier: {checks: [{port: 80}]}}
  - {name: tests, verifier: {name: inspec, inspec_tests: [{path: profiles/web}]}}
`,
  );
  const needs = (file: string) => plan(instances, instances, [file], inCookbook(file, '.', true));
  const both = (need: string) => ({ [WEB]: need, 'tests-debian-12': need });
  t.same(needs('scripts/setup.sh'), both('converge'));
  t.same(needs('conf/app.ini'), both('converge'));
  t.same(needs('bootstrap.sh'), both('converge'), 'the usual script');
  t.same(needs('tools/build.sh'), both('converge'), 'a hook');
  t.same(needs('tools/after.sh'), both('verify'));
  t.same(needs('app/index.js'), both('verify'), 'it is mounted');
  t.same(needs('x.sh'), {}, 'a phase that is not run again');
  t.same(needs('profiles/web/controls/a.rb'), { 'tests-debian-12': 'verify' });
  t.same(needs('test/mine/tests/a.rb'), { 'tests-debian-12': 'verify' });
  t.same(needs('test/mine/tests/data/a'), { 'tests-debian-12': 'converge' });
  t.same(needs('test/mine/web/a.rb'), {}, 'checks of our own read no tests');
  t.same(needs('recipes/default.rb'), {}, 'the shell provisioner sends no cookbook');
});

await tap.test('a setting that names the data inside the cookbook sends all of it', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN.replace('../bags', 'my/bags').replace('../shared', 'my'));
  const file = 'my/bags/users/a.json';
  t.same(plan(instances, instances, [file], inCookbook(file, '.', false)), {
    [WEB]: 'converge',
    [DB]: 'converge',
  });
});

await tap.test('a file that a template of the kitchen reads counts by what it changed', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const changed = await loadFrom(t, KITCHEN.replace('5432', '5433'));
  const { files, needs } = planWatch(instances, changed.instances, saved(['port.txt']));
  t.same([files, Object.fromEntries(needs)], [['port.txt'], { [DB]: 'verify' }]);
});

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
  const changed = await loadFrom(t, KITCHEN.replace('port: 80}]', 'port: 81}]'));
  const both = plan(instances, changed.instances, ['kitchen.yml', 'metadata.rb']);
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
    cookbooks: new Map(),
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
