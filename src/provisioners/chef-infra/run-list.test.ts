import tap from 'tap';
import type { Cookbook } from './cookbook.ts';
import { roleFromJson, roleFromRuby } from './roles.ts';
import { checkRunList, parseRunListItem } from './run-list.ts';

function cookbook(name: string, recipes: readonly string[], depends: readonly string[] = []): Cookbook {
  const files = recipes.map((path) => ({ path, absolute: `/c/${name}/${path}`, mode: 0o644, sha256: path }));
  const dependencies = depends.map((one, index) => ({ cookbook: one, line: index + 3 }));
  const metadata = { name, version: '1.0.0', depends: dependencies };
  return { name, dir: `/c/${name}`, metadata, metadataFile: `/c/${name}/metadata.rb`, files };
}

const COOKBOOKS = [
  cookbook('app', ['recipes/default.rb', 'recipes/server.rb', 'recipes/worker.yml'], ['base']),
  cookbook('base', ['recipe.rb']),
];

await tap.test('each form of a run list item is understood', async (t) => {
  t.same(parseRunListItem('app'), { kind: 'recipe', cookbook: 'app', recipe: 'default' });
  t.same(parseRunListItem('app::server'), { kind: 'recipe', cookbook: 'app', recipe: 'server' });
  t.same(parseRunListItem('recipe[app::server@1.0.0]'), {
    kind: 'recipe',
    cookbook: 'app',
    recipe: 'server',
  });
  t.same(parseRunListItem('role[web]'), { kind: 'role', role: 'web' });
  t.same(parseRunListItem('recipe[app'), { kind: 'unknown' });
});

await tap.test('a run list that exists has no findings', async (t) => {
  const list = ['app', 'recipe[app::worker]', 'base', 'role[web]'];
  t.same(checkRunList(list, COOKBOOKS, [{ name: 'web', file: '/r/web.rb', runList: ['app::server'] }]), []);
});

await tap.test('a missing recipe is named with its place and the nearest existing one', async (t) => {
  const [finding, ...more] = checkRunList(['app', 'recipe[app::sever]'], COOKBOOKS, []);
  t.same(more, []);
  t.match(finding, {
    code: 'chef.missing_recipe',
    message: 'cookbook app has no recipe sever',
    settingsPath: ['run_list', 1],
    expected: 'one of: default, server, worker',
    hint: 'did you mean recipe[app::server]?',
  });
});

await tap.test('a missing cookbook and an unreadable item are both reported', async (t) => {
  const codes = checkRunList(['ap', 'recipe[app'], COOKBOOKS, []).map((one) => [one.code, one.hint]);
  t.same(codes, [
    ['chef.missing_cookbook', 'did you mean recipe[app::default]?'],
    ['chef.bad_run_list_item', 'write it as recipe[cookbook::recipe]'],
  ]);
});

await tap.test('roles are followed, also into each other, without end', async (t) => {
  const roles = [
    { name: 'web', file: '/r/web.json', runList: ['role[base]', 'app::nope'] },
    { name: 'base', file: '/r/base.rb', runList: ['role[web]'] },
  ];
  const findings = checkRunList(['role[web]', 'role[wbe]'], COOKBOOKS, roles);
  t.match(findings, [
    { code: 'chef.missing_recipe', location: { file: '/r/web.json' }, settingsPath: ['run_list', 0] },
    { code: 'chef.missing_role', hint: 'did you mean role[web]?', settingsPath: ['run_list', 1] },
  ]);
  t.equal(findings.length, 2);
});

await tap.test('a dependency that is not there names both cookbooks and the line', async (t) => {
  const books = [
    cookbook('app', ['recipes/default.rb'], ['base', 'gone']),
    cookbook('base', ['recipe.rb'], ['lost']),
  ];
  t.match(checkRunList(['app'], books, []), [
    {
      message: 'cookbook app depends on gone, which does not exist',
      location: { file: '/c/app/metadata.rb', line: 4 },
    },
    {
      message: 'cookbook base depends on lost, which does not exist',
      location: { file: '/c/base/metadata.rb', line: 3 },
    },
  ]);
  t.same(checkRunList([], books, []), [], 'cookbooks that nothing reaches are not checked');
});

await tap.test('role files give their run list when it is literal', async (t) => {
  t.same(roleFromRuby('f', 'f.rb', `name "web"\nrun_list "recipe[a]", 'role[b]'\n`).runList, [
    'recipe[a]',
    'role[b]',
  ]);
  t.same(roleFromRuby('f', 'f.rb', 'run_list(%w(a b))').runList, ['a', 'b']);
  t.same(roleFromRuby('f', 'f.rb', 'run_list [\n  "a",\n  "b"\n]').runList, ['a', 'b']);
  t.equal(roleFromRuby('f', 'f.rb', 'run_list compute()').runList, undefined);
  t.same(roleFromRuby('f', 'f.rb', 'name "x"').runList, []);
  t.same(roleFromJson('f', 'f.json', '{"name":"w","run_list":["a"]}'), {
    name: 'w',
    file: 'f.json',
    runList: ['a'],
  });
});
