import tap from 'tap';
import { findingsOf, instanceNamed, loadFrom, names, placeOf } from '../../test/corpus/kitchen-folder.ts';

const PROJECT = `
driver: {name: vagrant}
provisioner: {name: chef_infra}
platforms:
  - name: debian-12
    driver: {box: bento/debian-12, customize: {memory: 2048}}
    attributes: {app: {ports: [80], log: info}}
  - name: ubuntu-24.04
suites:
  - name: web
    run_list: ["recipe[web]"]
    verifier: {checks: [{port: 80}]}
  - name: db
    run_list: ["recipe[db]"]
    includes: [debian-12, ubuntu-24.04]
`;

const load = (t: Tap.Test, local: string) =>
  loadFrom(t, { 'kitchen.yml': PROJECT, 'kitchen.local.yml': local });
const faults = (t: Tap.Test, local: string) =>
  findingsOf(t, { 'kitchen.yml': PROJECT, 'kitchen.local.yml': local });

declare namespace Tap {
  type Test = Parameters<typeof loadFrom>[0];
}

await tap.test(
  "without the opt-in key an overlay's lists replace the whole lists, as in the peer",
  async (t) => {
    const kitchen = await load(t, 'platforms: [{name: debian-12}]');
    t.same(names(kitchen), ['web-debian-12', 'db-debian-12']);
    t.same(instanceNamed(kitchen, 'web-debian-12').driver.settings, {});
  },
);

await tap.test('merge: by_name merges rows, keeps their order and puts new ones at the end', async (t) => {
  const kitchen = await load(
    t,
    `
merge: by_name
platforms:
  - name: fedora-42
  - name: debian-12
    driver: {customize: {cpus: 2}}
    attributes: {app: {log: debug}}
suites:
  - name: web
    verifier: {checks: [{port: 443}]}
`,
  );
  t.same(names(kitchen), [
    'web-debian-12',
    'web-ubuntu-2404',
    'web-fedora-42',
    'db-debian-12',
    'db-ubuntu-2404',
  ]);
  const web = instanceNamed(kitchen, 'web-debian-12');
  t.same(web.driver.settings, { box: 'bento/debian-12', customize: { memory: 2048, cpus: 2 } });
  t.same(web.provisioner.settings['attributes'], { app: { ports: [80], log: 'debug' } });
  t.same(web.provisioner.settings['run_list'], ['recipe[web]']);
  t.same(web.verifier.settings['checks'], [{ port: 443 }], 'lists inside are replaced');
  t.match(web.locate(['driver', 'customize', 'memory']), { file: 'kitchen.yml', line: 6 });
  t.match(web.locate(['driver', 'customize', 'cpus']), { file: 'kitchen.local.yml', line: 6 });
});

await tap.test('a platform or suite can be removed, or replaced as a whole or in parts', async (t) => {
  const kitchen = await load(
    t,
    `
merge: by_name
platforms:
  - {name: ubuntu-24.04, remove: true}
  - name: debian-12
    replace: [driver, attributes.app]
    driver: docker
    attributes: {app: {log: warn}}
suites:
  - {name: db, replace: true, run_list: ["recipe[other]"]}
  - name: web
    append: [verifier.checks]
    verifier: {checks: [{port: 443}]}
`,
  );
  t.same(names(kitchen), ['web-debian-12', 'db-debian-12']);
  t.same(kitchen.warnings, [], 'an includes that names what the overlay removed is no mistake');
  const web = instanceNamed(kitchen, 'web-debian-12');
  t.same([web.driver.name, web.driver.settings], ['docker', {}]);
  t.same(web.provisioner.settings['attributes'], { app: { log: 'warn' } });
  t.same(web.verifier.settings['checks'], [{ port: 80 }, { port: 443 }]);
  t.match(web.locate(['verifier', 'checks', 0, 'port']), { file: 'kitchen.yml' });
  t.match(web.locate(['verifier', 'checks', 1, 'port']), { file: 'kitchen.local.yml' });
  t.same(instanceNamed(kitchen, 'db-debian-12').provisioner.settings['run_list'], ['recipe[other]']);
});

await tap.test("a plugin's name in a row keeps the settings of the section", async (t) => {
  const kitchen = await load(t, 'merge: by_name\nplatforms: [{name: debian-12, driver: docker}]');
  const { driver } = instanceNamed(kitchen, 'web-debian-12');
  t.match(driver, { name: 'docker', settings: { box: 'bento/debian-12' } });
});

const WRONG: readonly (readonly [string, string, RegExp, RegExp | undefined])[] = [
  ['merge: by_nam', 'kitchen.local.yml:1:8', /merge must be "by_name"/, undefined],
  [
    'merge: by_name\nplatforms: [{name: debain-12, remove: true}]',
    'kitchen.local.yml:2:20',
    /no platform "debain-12" to remove/,
    /did you mean "debian-12"/,
  ],
  [
    'merge: by_name\nsuites: [{name: wbe, replace: true}]',
    'kitchen.local.yml:2:17',
    /no suite "wbe" to replace/,
    /did you mean "web"/,
  ],
  [
    'merge: by_name\nsuites: [{name: web, replace: [run_lst], run_list: []}]',
    'kitchen.local.yml:2:32',
    /replace: this suite has no "run_lst"/,
    /did you mean "run_list"/,
  ],
  [
    'merge: by_name\nsuites: [{name: web, append: verifier.name, verifier: {name: x}}]',
    'kitchen.local.yml:2:30',
    /"verifier.name" is no list/,
    undefined,
  ],
  [
    'merge: by_name\nsuites: [{name: web, remove: true, run_list: []}]',
    'kitchen.local.yml:2:36',
    /"web" is removed, so "run_list" has no effect/,
    undefined,
  ],
  [
    'merge: by_name\nsuites: [{name: web, remove: please}]',
    'kitchen.local.yml:2:30',
    /remove of "web" must be true/,
    undefined,
  ],
  [
    'suites: [{name: web, remove: true}]',
    'kitchen.local.yml:1:22',
    /unknown key "remove" in suites\[0\]/,
    /merge: by_name/,
  ],
  [
    'merge: by_name\nsuites: [{nmae: web}]',
    'kitchen.local.yml:2:11',
    /unknown key "nmae"/,
    /did you mean "name"/,
  ],
];

for (const [local, place, message, hint] of WRONG) {
  await tap.test(`told with its place: ${local.replaceAll('\n', ' / ')}`, async (t) => {
    const found = await faults(t, local);
    const error = found.find((one) => message.test(one.message));
    t.ok(error, found.map((one) => `${placeOf(one)} ${one.message}`).join('\n'));
    t.equal(placeOf(error), place);
    if (hint) t.match(error?.hint, hint);
  });
}

await tap.test('a name given twice in one overlay is told, as it is in a kitchen', async (t) => {
  const found = await faults(t, 'merge: by_name\nsuites: [{name: web}, {name: web}]');
  t.match(found[0], { code: 'config.duplicate_instance' });
});
