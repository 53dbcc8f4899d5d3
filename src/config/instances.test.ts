import tap from 'tap';
import { loadFrom, names } from '../../test/corpus/kitchen-folder.ts';

await tap.test('instances are suites × platforms, suite first, with Test Kitchen’s names', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: ubuntu-24.04}, {name: "team/debian,12"}]
suites: [{name: default}, {name: with_tls}]`,
  );
  t.strictSame(names(kitchen), [
    'default-ubuntu-2404',
    'default-team-debian-12',
    'with-tls-ubuntu-2404',
    'with-tls-team-debian-12',
  ]);
  t.match(kitchen.instances[1]?.instance, { suite: 'default', platform: 'team/debian,12' });
});

await tap.test('includes win over excludes; both take names, regular expressions or one text', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: debian-12}, {name: debian-13}, {name: ubuntu-24.04}]
suites:
  - {name: a, includes: debian-12}
  - {name: b, includes: ["/DEBIAN/i"], excludes: [debian-12]}
  - {name: c, excludes: [/^debian/]}
  - {name: d, excludes: }`,
  );
  t.strictSame(names(kitchen), [
    'a-debian-12',
    'b-debian-12',
    'b-debian-13',
    'c-ubuntu-2404',
    'd-debian-12',
    'd-debian-13',
    'd-ubuntu-2404',
  ]);
});

await tap.test(
  'operating system and shell: given, or Windows by name or by the platform’s own transport',
  async (t) => {
    const kitchen = await loadFrom(
      t,
      `transport: {name: ssh}
platforms:
  - {name: Windows-2022}
  - {name: core, transport: {name: winrm}}
  - {name: debian, os_type: windows}
  - {name: win-ish, os_type: unix, shell_type: bourne}
  - {name: plain}
suites: [{name: s}]`,
    );
    const types = kitchen.instances.map(({ osType, shellType }) => `${osType} ${shellType}`);
    t.strictSame(types, [
      'windows powershell',
      'windows powershell',
      'windows bourne',
      'unix bourne',
      'unix bourne',
    ]);
  },
);

await tap.test(
  'the driver exec works with the transport exec, whatever the file says, as in the peer',
  async (t) => {
    const kitchen = await loadFrom(
      t,
      `driver: dummy
transport: {name: ssh, ssh_key: key}
platforms: [{name: a}, {name: b, driver: exec}]
suites: [{name: s}]`,
    );
    t.same(
      kitchen.instances.map((one) => one.transport),
      [
        { name: 'ssh', settings: { ssh_key: 'key' } },
        { name: 'exec', settings: {} },
      ],
    );
  },
);

await tap.test('what all instances of a large matrix have in common is made once', async (t) => {
  const platforms = Array.from({ length: 20 }, (_, i) => `  - {name: p-${i}, driver: {image: "i:${i}"}}`);
  const suites = Array.from(
    { length: 10 },
    (_, i) => `  - {name: s${i}, run_list: ["recipe[r${i}]"], attributes: {a: {b: ${i}, d: [{e: f}]}}}`,
  );
  const { instances } = await loadFrom(
    t,
    `driver: {name: docker}
verifier: {name: checks}
provisioner: {name: chef_infra, attributes: {a: {c: 1}, g: {h: [i]}}}
platforms:
${platforms.join('\n')}
suites:
${suites.join('\n')}
`,
  );
  t.equal(instances.length, 200);
  const attributes = instances.map(({ provisioner }) => provisioner.settings['attributes']) as readonly {
    readonly a: { readonly d: unknown };
    readonly g: unknown;
  }[];
  t.equal(new Set(attributes.map(({ g }) => g)).size, 1, 'attributes of all');
  t.equal(new Set(attributes.map(({ a }) => a.d)).size, 10, 'attributes of a suite');
  t.equal(new Set(instances.map(({ verifier }) => verifier)).size, 1, 'a plugin that no level changes');
});
