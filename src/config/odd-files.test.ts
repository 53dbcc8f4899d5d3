import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import tap from 'tap';
import { findingsOf, kitchenFolder, loadFrom, names } from '../../test/corpus/kitchen-folder.ts';
import { loadKitchen } from './load.ts';

const MATRIX = 'platforms: [{name: p}]\nsuites: [{name: s}]\n';

await tap.test('a pipe or a device in place of a kitchen file does not hold Galley up', async (t) => {
  const cwd = await kitchenFolder(t, {});
  execFileSync('mkfifo', [path.join(cwd, 'unwritten.yml')]);
  t.strictSame(names(await loadKitchen({ cwd, env: {}, file: 'unwritten.yml' })), [], 'as an empty file');
  await t.rejects(loadKitchen({ cwd, env: {}, file: '/dev/zero' }), { code: 'config.too_large' });
});

await tap.test('what another program writes can be the kitchen: KITCHEN_YAML=<(make-kitchen)', async (t) => {
  const load = new URL('load.ts', import.meta.url).href;
  const program = `import { loadKitchen } from '${load}';
    const { instances } = await loadKitchen({ cwd: process.cwd(), env: process.env });
    process.stdout.write(instances[0].instance.name);`;
  const written = execFileSync(
    'bash',
    [
      '-c',
      'KITCHEN_YAML=<(sleep 0.05; printf %s "$1") "$0" --input-type=module -e "$2"',
      process.execPath,
      MATRIX,
      program,
    ],
    { encoding: 'utf8' },
  );
  t.equal(written, 's-p');
});

await tap.test('a date stops Test Kitchen: it is taken as text, and told with its place', async (t) => {
  const dates = 'd: 2020-01-02, t: 2001-12-14 21:59:43.10 -5, q: "2020-01-02", v: 1.2.3, n: 2020-13-01';
  const kitchen = await loadFrom(t, `platforms: [{name: p}]\nsuites: [{name: s, attributes: {${dates}}}]\n`);
  t.match(
    kitchen.warnings.map(({ message }) => message),
    [/^2020-01-02 is a date to YAML/, /^2001-12-14 21:59:43\.10 -5 is a date/],
  );
  t.equal(kitchen.warnings.length, 2);
  t.match(kitchen.warnings[0]?.location, { line: 2 });
});

await tap.test('a number that is asked for is one, in quotes too', async (t) => {
  const kitchen = await loadFrom(
    t,
    'platforms: [{name: p}]\nsuites: [{name: s, attributes: {i: !!int "5", s: !!str 5}}]\n',
  );
  const { attributes } = kitchen.instances[0]?.provisioner.settings ?? {};
  t.strictSame(attributes, { i: 5, s: '5' });
});

await tap.test('a link that leads nowhere is told', async (t) => {
  for (const target of ['nowhere', 'kitchen.yml']) {
    const cwd = await kitchenFolder(t, {});
    await symlink(target, path.join(cwd, 'kitchen.yml'));
    await t.rejects(loadKitchen({ cwd, env: {} }), {
      code: 'config.no_kitchen',
      hint: 'kitchen.yml is a link that leads to no file: mend it',
    });
  }
});

await tap.test('a module that holds itself, that throws late, a package.json with a mistake', async (t) => {
  const failing = {
    'const a = {suites: [], platforms: []}; a.a = a; export default a': 'a value holds itself',
    'export default Promise.reject(new Error("late"))': 'late',
    'export default { get suites() { throw new Error("getter") } }': 'getter',
    'export default () => { throw undefined }': 'undefined',
  };
  for (const [module, why] of Object.entries(failing)) {
    const found = await findingsOf(t, { 'galley.config.mjs': module });
    t.match(found, [{ code: 'config.module_failed', message: `galley.config.mjs cannot be loaded: ${why}` }]);
  }
  const promised = `export default Promise.resolve({platforms: [{name: 'p'}], suites: [{name: 's'}]})`;
  t.strictSame(names(await loadFrom(t, { 'galley.config.mjs': promised })), ['s-p']);
});
