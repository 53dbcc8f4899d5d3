import tap from 'tap';
import { findingsOf, loadFrom, names } from '../../test/corpus/kitchen-folder.ts';
import { projectName } from './load.ts';

await tap.test(
  'anchors, aliases and merge keys; a merge key overrides what stands before it, as in Psych',
  async (t) => {
    const kitchen = await loadFrom(
      t,
      `anchors:
  base: &base {a: 1, b: 1}
  more: &more {b: 2, c: 2}
platforms: [{name: p}]
suites:
  - name: s
    attributes:
      after: {<<: *base, a: 9}
      before: {a: 9, <<: *base}
      both: {<<: [*base, *more]}
      list: &l [1, 2]
      same: *l`,
    );
    t.strictSame(kitchen.instances[0]?.provisioner.settings['attributes'], {
      after: { a: 9, b: 1 },
      before: { a: 1, b: 1 },
      both: { b: 1, c: 2, a: 1 },
      list: [1, 2],
      same: [1, 2],
    });
  },
);

await tap.test('`settings`, which many old kitchens have and nothing reads, is no mistake', async (t) => {
  const kitchen = await loadFrom(
    t,
    `settings: {parallel: true}
platforms: [{name: p}]
suites: [{name: s}]`,
  );
  t.same([names(kitchen), kitchen.warnings], [['s-p'], []]);
});

await tap.test('symbols, symbol keys and keys that are no text become text', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: p}]
suites: [{name: s, attributes: {:level: :debug, 8080: x, yes: 1}}]`,
  );
  t.strictSame(kitchen.instances[0]?.provisioner.settings['attributes'], {
    level: 'debug',
    8080: 'x',
    yes: 1,
  });
});

await tap.test('each value knows its place, through files, moves and merges', async (t) => {
  const kitchen = await loadFrom(t, {
    'kitchen.yml': `driver:
  name: docker
  image: debian:12
provisioner:
  attributes: {app: {port: 80}}
platforms:
  - name: p
    run_list:
      - recipe[apt]
suites:
  - name: s
    run_list: ["recipe[a]"]
    attributes:
      app:
        host: x
    lifecycle:
      pre_create: echo`,
    'kitchen.local.yml': 'driver:\n  image: debian:13\n',
  });
  const [only] = kitchen.instances;
  const place = (...segments: (string | number)[]) => {
    const { file, line, column } = only?.locate(segments) ?? { file: '' };
    return `${file}:${line}:${column}`;
  };
  t.equal(place('driver', 'name'), 'kitchen.yml:2:9');
  t.equal(place('driver', 'image'), 'kitchen.local.yml:2:10');
  t.equal(place('provisioner', 'attributes', 'app', 'port'), 'kitchen.yml:5:28');
  t.equal(place('provisioner', 'attributes', 'app', 'host'), 'kitchen.yml:15:15');
  t.equal(place('provisioner', 'attributes', 'app'), 'kitchen.yml:14:7');
  t.equal(place('provisioner', 'run_list', 0), 'kitchen.yml:9:9');
  t.equal(place('provisioner', 'run_list', 1), 'kitchen.yml:12:16');
  t.equal(place('lifecycle', 'pre_create', 0), 'kitchen.yml:17:19');
  t.equal(place('provisioner', 'attributes', 'app', 'nothing', 3), 'kitchen.yml:14:7', 'the nearest parent');
  t.equal(place('suite'), 'kitchen.yml:11:11');
  t.equal(only?.locate(['transport', 'name']), undefined, 'no file says anything of it');
});

await tap.test('settings are the user’s data, frozen, with only the name taken out', async (t) => {
  const kitchen = await loadFrom(
    t,
    `driver: {name: d, "a-b": 1.50, text: "1.50", nothing: , deep: [{name: kept}], "__proto__": 1}
platforms: [{name: p}]
suites: [{name: s}]`,
  );
  const settings = kitchen.instances[0]?.driver.settings ?? {};
  t.same(Object.keys(settings), ['a-b', 'text', 'nothing', 'deep', '__proto__']);
  t.match(settings, { 'a-b': 1.5, text: '1.50', nothing: null, deep: [{ name: 'kept' }] });
  t.throws(() => (settings['deep'] as unknown[]).push(1), TypeError);
});

await tap.test('the project’s name is stable, readable and safe', async (t) => {
  t.match(projectName('/home/me/My Cookbook_2'), /^my-cookbook-2-[0-9a-f]{8}$/);
  t.not(projectName('/a/x'), projectName('/b/x'));
  t.match(projectName('/'), /^kitchen-[0-9a-f]{8}$/);
});

await tap.test(
  'how many runs keep their logs is a setting of the kitchen, checked like any other',
  async (t) => {
    const some = `platforms: [{name: debian-12}]\nsuites: [{name: a}]\n`;
    t.equal((await loadFrom(t, `kitchen: {keep_logs: 3}\n${some}`)).keepLogs, 3);
    t.equal((await loadFrom(t, some)).keepLogs, undefined);
    t.match(await findingsOf(t, `kitchen: {keep_logs: 0}\n${some}`), [{ location: { line: 1 } }]);
    t.match(await findingsOf(t, `kitchen: {keep_log: 3}\n${some}`), [{ hint: /keep_logs/ }]);
  },
);
