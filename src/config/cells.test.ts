import tap from 'tap';
import { findingsOf, instanceNamed, loadFrom, names, placeOf } from '../../test/corpus/kitchen-folder.ts';
import { filterInstances } from '../plan/filter.ts';

const KITCHEN = `
driver: {name: docker, cap_add: [A]}
provisioner: {name: chef_infra, attributes: {app: {ports: [80], log: info}}}
verifier: {checks: [{port: 80}]}
tags: [all]
platforms:
  - name: debian-12
  - name: ubuntu-24.04
suites:
  - {name: web, run_list: ["recipe[web]"], tags: [front]}
  - {name: db, run_list: ["recipe[db]"], excludes: [ubuntu-24.04]}
`;

await tap.test('a cell changes only the instances of its suite and platform', async (t) => {
  const kitchen = await loadFrom(
    t,
    `${KITCHEN}
cells:
  - suite: web
    platform: /ubuntu/
    driver: {memory: 1g, cap_add: [B]}
    run_list: ["recipe[extra]"]
    attributes: {app: {log: debug}}
    checks: [{port: 443}]
    tags: [slow]
    services: {cache: redis}
    lifecycle: {pre_verify: sleep 1}
`,
  );
  t.same(kitchen.warnings, []);
  const one = instanceNamed(kitchen, 'web-ubuntu-2404');
  t.same(one.driver.settings, { cap_add: ['B'], memory: '1g' });
  t.same(one.provisioner.settings, {
    run_list: ['recipe[web]', 'recipe[extra]'],
    attributes: { app: { ports: [80], log: 'debug' } },
  });
  t.same(one.verifier.settings['checks'], [{ port: 80 }, { port: 443 }]);
  t.same(one.tags, ['all', 'front', 'slow']);
  t.same(Object.keys(one.services), ['cache']);
  t.same(one.lifecycle['pre_verify'], ['sleep 1']);
  t.match(one.locate(['driver', 'memory']), { line: 16 });
  t.match(one.locate(['provisioner', 'run_list', 0]), { line: 10 });
  t.match(one.locate(['verifier', 'checks', 1, 'port']), { line: 19 });
  const other = instanceNamed(kitchen, 'web-debian-12');
  t.same(other.driver.settings, { cap_add: ['A'] });
  t.same(other.tags, ['all', 'front']);
});

await tap.test('replace forgets what the other levels gave, append adds to a list of theirs', async (t) => {
  const kitchen = await loadFrom(
    t,
    `${KITCHEN}
cells:
  - platform: debian-12
    replace: [run_list, tags, attributes.app.log]
    append: [driver.cap_add]
    run_list: ["recipe[only]"]
    tags: [new]
    attributes: {app: {log: {level: debug}}}
    driver: {cap_add: [B]}
  - {suite: [db], verifier: {checks: [{port: 5432}]}}
`,
  );
  const web = instanceNamed(kitchen, 'web-debian-12');
  t.same(web.provisioner.settings['run_list'], ['recipe[only]']);
  t.same(web.tags, ['new']);
  t.same(web.driver.settings['cap_add'], ['A', 'B']);
  t.same(web.provisioner.settings['attributes'], { app: { ports: [80], log: { level: 'debug' } } });
  const db = instanceNamed(kitchen, 'db-debian-12');
  t.same(db.provisioner.settings['run_list'], ['recipe[only]']);
  t.same(db.verifier.settings['checks'], [{ port: 5432 }]);
});

await tap.test('a removed cell is not made; later cells win over earlier ones', async (t) => {
  const kitchen = await loadFrom(
    t,
    `${KITCHEN}
cells:
  - {suite: web, platform: ubuntu-24.04, remove: true}
  - {suite: web, driver: {memory: 1g}}
  - {platform: debian-12, driver: {memory: 2g}}
`,
  );
  t.same(names(kitchen), ['web-debian-12', 'db-debian-12']);
  t.equal(instanceNamed(kitchen, 'web-debian-12').driver.settings['memory'], '2g');
});

await tap.test('cells reach the steps of a suite', async (t) => {
  const kitchen = await loadFrom(
    t,
    `
platforms: [{name: a}, {name: b}]
suites: [{name: up, verifier: {checks: [{port: 1}]}, steps: [{name: v1, run_list: [x], checks: [{port: 2}]}]}]
cells: [{platform: b, attributes: {on: b}, run_list: [y], checks: [{port: 3}]}]
`,
  );
  const [step] = instanceNamed(kitchen, 'up-b').steps ?? [];
  t.same(step?.config.provisioner.settings, { run_list: ['x', 'y'], attributes: { on: 'b' } });
  t.same(step?.config.verifier.settings['checks'], [{ port: 1 }, { port: 3 }, { port: 2 }]);
});

await tap.test('tags of all levels and of cells select and leave out', async (t) => {
  const { instances } = await loadFrom(t, `${KITCHEN}\ncells: [{platform: debian-12, tags: slow}]`);
  const chosen = (filter: Parameters<typeof filterInstances>[1]) =>
    filterInstances(instances, filter).map((one) => one.instance.name);
  t.same(chosen({ tag: ['slow'] }), ['web-debian-12', 'db-debian-12']);
  t.same(chosen({ tag: ['front', 'slow'] }), ['web-debian-12', 'web-ubuntu-2404', 'db-debian-12']);
  t.same(chosen({ skipTag: ['slow'] }), ['web-ubuntu-2404']);
  t.same(chosen({ tag: ['all'], skipTag: ['front'] }), ['db-debian-12']);
  t.throws(() => chosen({ skipTag: ['slwo'] }), { code: 'usage.no_such_tag', hint: /did you mean 'slow'/ });
});

const WRONG: readonly (readonly [string, string, RegExp, RegExp | undefined])[] = [
  ['{suite: wbe, tags: [x]}', '13:17', /there is no suite "wbe"/, /did you mean "web"/],
  [
    '{platform: [debian-12, ubutnu-24.04]}',
    '13:32',
    /no platform "ubutnu-24.04"/,
    /did you mean "ubuntu-24.04"/,
  ],
  ['{platform: /debian(/}', '13:20', /broken regular expression/, undefined],
  ['{platform: /fedora/}', '13:20', /no platform "\/fedora\/"/, undefined],
  ['{tags: [x]}', '13:9', /neither a suite nor a platform/, undefined],
  [
    '{suite: web, atributes: {}}',
    '13:22',
    /unknown key "atributes" in cells\[0\]/,
    /did you mean "attributes"/,
  ],
  ['{suite: web, includes: [x]}', '13:22', /unknown key "includes"/, undefined],
  ['{suite: web, replace: [tag], tags: [x]}', '13:32', /this cell has no "tag"/, /did you mean "tags"/],
  ['{suite: web, remove: true, tags: [x]}', '13:36', /this cell is removed/, undefined],
  ['{suite: 3}', '13:17', /cells\[0\].suite must be/, undefined],
];

for (const [cell, place, message, hint] of WRONG) {
  await tap.test(`told with its place: ${cell}`, async (t) => {
    const found = await findingsOf(t, `${KITCHEN}\ncells: [${cell}]`);
    const error = found.find((one) => message.test(one.message));
    t.ok(error, found.map((one) => `${placeOf(one)} ${one.message}`).join('\n'));
    t.equal(placeOf(error), `kitchen.yml:${place}`);
    if (hint) t.match(error?.hint, hint);
  });
}

await tap.test('a cell that filters leave without an instance is a warning', async (t) => {
  const { warnings } = await loadFrom(t, `${KITCHEN}\ncells: [{suite: db, platform: ubuntu-24.04, tags: x}]`);
  t.match(warnings, [{ message: 'no instance is in this cell', location: { line: 13 } }]);
});
