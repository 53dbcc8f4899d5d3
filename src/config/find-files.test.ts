import tap from 'tap';
import { findingsOf, kitchenFolder, loadFrom, names } from '../../test/corpus/kitchen-folder.ts';
import { loadKitchen } from './load.ts';

const suite = (name: string) => `suites: [{name: ${name}}]\n`;
const base = `platforms: [{name: p}]\n${suite('s')}`;

await tap.test('kitchen.yml or .kitchen.yml is read, both are an error', async (t) => {
  t.strictSame(names(await loadFrom(t, { 'kitchen.yml': base })), ['s-p']);
  t.strictSame(names(await loadFrom(t, { '.kitchen.yml': base })), ['s-p']);
  const [error] = await findingsOf(t, { 'kitchen.yml': base, '.kitchen.yml': base });
  t.match(error, { code: 'config.ambiguous', hint: /remove \.kitchen\.yml/ });
});

await tap.test(
  'KITCHEN_YAML wins, then KITCHEN_YML; relative to the folder, which stays the root',
  async (t) => {
    const cwd = await kitchenFolder(t, {
      'kitchen.yml': base,
      'sub/other.yml': `platforms: [{name: q}]\n${suite('o')}`,
    });
    const kitchen = await loadKitchen({
      cwd,
      env: { KITCHEN_YAML: 'sub/other.yml', KITCHEN_YML: 'kitchen.yml' },
    });
    t.strictSame(names(kitchen), ['o-q']);
    t.equal(kitchen.root, cwd);
    t.strictSame(kitchen.files, [`${cwd}/sub/other.yml`]);
    t.strictSame(names(await loadKitchen({ cwd, env: { KITCHEN_YML: 'sub/other.yml' } })), ['o-q']);
    t.strictSame(
      names(await loadKitchen({ cwd, env: { KITCHEN_YAML: '' } })),
      ['s-p'],
      'empty counts as unset',
    );
    t.strictSame(names(await loadKitchen({ cwd, env: {}, file: 'sub/other.yml' })), ['o-q']);
  },
);

await tap.test('a chosen project file that does not exist is an error', async (t) => {
  const [error] = await findingsOf(t, base, { env: { KITCHEN_YAML: 'kitchn.yml' } });
  t.match(error, { code: 'config.not_found', message: /KITCHEN_YAML names kitchn\.yml/ });
});

await tap.test('the local overlay belongs to the project file by name, dotted or not', async (t) => {
  const local = suite('local');
  t.strictSame(names(await loadFrom(t, { 'kitchen.yml': base, 'kitchen.local.yml': local })), ['local-p']);
  t.strictSame(names(await loadFrom(t, { 'kitchen.yml': base, '.kitchen.local.yml': local })), ['local-p']);
  t.strictSame(names(await loadFrom(t, { '.kitchen.yml': base, 'kitchen.local.yml': local })), ['local-p']);
  const foo = { 'foo.yaml': base, 'foo.local.yaml': local, 'kitchen.local.yml': suite('wrong') };
  t.strictSame(names(await loadFrom(t, foo, { env: { KITCHEN_YAML: 'foo.yaml' } })), ['local-p']);
  const both = { 'kitchen.yml': base, 'kitchen.local.yml': local, '.kitchen.local.yml': local };
  t.match(await findingsOf(t, both), [{ code: 'config.ambiguous', message: /kitchen\.local\.yml/ }]);
});

await tap.test('KITCHEN_LOCAL_YAML names an overlay such as kitchen.dokken.yml', async (t) => {
  const files = {
    'kitchen.yml': base,
    'kitchen.dokken.yml': 'driver: {name: dokken}\n',
    'kitchen.local.yml': suite('x'),
  };
  const kitchen = await loadFrom(t, files, { env: { KITCHEN_LOCAL_YAML: 'kitchen.dokken.yml' } });
  t.strictSame(names(kitchen), ['s-p']);
  t.equal(kitchen.instances[0]?.driver.name, 'dokken');
});

await tap.test('trap: Test Kitchen takes a missing overlay for an empty one', async (t) => {
  const env = { KITCHEN_LOCAL_YAML: 'kitchen.doken.yml' };
  t.match(await findingsOf(t, base, { env }), [{ code: 'config.not_found', message: /kitchen\.doken\.yml/ }]);
  const kitchen = await loadFrom(t, base, { env, compat: true });
  t.match(kitchen.warnings, [{ message: /KITCHEN_LOCAL_YAML names kitchen\.doken\.yml/ }]);
});

await tap.test('the global file is ~/.kitchen/config.yml, and the weakest', async (t) => {
  const files = {
    'home/.kitchen/config.yml': 'driver: {name: vagrant, region: x}\n',
    'kitchen.yml': `driver: docker\n${base}`,
  };
  const kitchen = await loadFrom(t, files);
  t.same(kitchen.instances[0]?.driver, { name: 'docker', settings: { region: 'x' } });
  t.equal(kitchen.files.length, 2);
  t.match(kitchen.files[0], /kitchen\.yml$/);
  const other = { ...files, 'global.yml': 'driver: {region: y}\n' };
  const chosen = await loadFrom(t, other, { env: { KITCHEN_GLOBAL_YAML: 'global.yml' } });
  t.same(chosen.instances[0]?.driver.settings, { region: 'y' });
});

await tap.test('no file at all: where it was looked, and the next step', async (t) => {
  const [error] = await findingsOf(t, {});
  t.match(error, { code: 'config.no_kitchen', kind: 'config', message: /^no kitchen\.yml in / });
  t.match(error?.details[0], /\.kitchen\.yml/);
  t.match(error?.hint, /galley init/);
  t.match(await findingsOf(t, { 'kitchen.yaml': base }), [{ hint: /rename kitchen\.yaml to kitchen\.yml/ }]);
  const folder = await kitchenFolder(t, { 'kitchen.yml': base, 'sub/x': '' });
  t.match(await loadKitchen({ cwd: `${folder}/sub`, env: {} }).catch((error: unknown) => error), {
    hint: `there is one in ${folder}: run galley there`,
  });
});

await tap.test('galley.config.* and package.json serve those who want it', async (t) => {
  t.strictSame(names(await loadFrom(t, { 'galley.config.yml': base })), ['s-p']);
  const json = JSON.stringify({ platforms: [{ name: 'p' }], suites: [{ name: 'j' }] });
  t.strictSame(names(await loadFrom(t, { 'galley.config.json': json })), ['j-p']);
  t.strictSame(names(await loadFrom(t, { 'galley.config.mjs': `export default ${json}` })), ['j-p']);
  t.strictSame(names(await loadFrom(t, { 'galley.config.ts': `export default ${json} as object` })), ['j-p']);
  const inPackage = { 'package.json': `{"name": "x",\n"galley": ${json}}` };
  const kitchen = await loadFrom(t, inPackage);
  t.strictSame(names(kitchen), ['j-p']);
  t.match(kitchen.instances[0]?.locate(['suite']), { file: 'package.json', line: 2 });
  t.match(await findingsOf(t, { 'package.json': '{"name": "galley"}' }), [{ code: 'config.no_kitchen' }]);
  const broken = { 'galley.config.mjs': 'throw new Error("boom")' };
  t.match(await findingsOf(t, broken), [{ code: 'config.module_failed', message: /boom/ }]);
});
