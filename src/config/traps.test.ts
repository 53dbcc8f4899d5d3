import tap from 'tap';
import { findingsOf, instanceNamed, loadFrom, names, placeOf } from '../../test/corpus/kitchen-folder.ts';

// What Test Kitchen 4.1.5 does in each of these cases is in the name of the test.

const matrix = 'platforms: [{name: p}]\nsuites: [{name: s}]\n';

await tap.test(
  'trap: a text in local over a mapping in project is a TypeError there; here it is a name',
  async (t) => {
    const kitchen = await loadFrom(t, {
      'kitchen.yml': `verifier: {name: inspec, sudo: true}\ntransport: {name: ssh}\n${matrix}`,
      'kitchen.local.yml': 'verifier: shell\ntransport: docker\n',
    });
    t.same(kitchen.instances[0]?.verifier, { name: 'shell', settings: { sudo: true } });
    t.equal(kitchen.instances[0]?.transport.name, 'docker');
  },
);

await tap.test(
  'trap: a mapping in local over a verifier or transport given as text loses the name there; here it is kept',
  async (t) => {
    const kitchen = await loadFrom(t, {
      'kitchen.yml': `verifier: inspec\ntransport: ssh\n${matrix}`,
      'kitchen.local.yml': 'verifier: {sudo: true}\ntransport: {port: 2222}\n',
    });
    t.same(kitchen.instances[0]?.verifier, { name: 'inspec', settings: { sudo: true } });
    t.same(kitchen.instances[0]?.transport, { name: 'ssh', settings: { port: 2222 } });
  },
);

await tap.test(
  'trap: an empty section over a mapping is a TypeError there; here it changes nothing',
  async (t) => {
    const kitchen = await loadFrom(t, {
      'kitchen.yml': `verifier: {name: inspec}\nprovisioner: {attributes: {a: 1}}\n${matrix}`,
      'kitchen.local.yml': 'verifier:\nprovisioner: {attributes: }\n',
    });
    t.equal(kitchen.instances[0]?.verifier.name, 'inspec');
    t.strictSame(kitchen.instances[0]?.provisioner.settings, { attributes: { a: 1 } });
    t.match(kitchen.warnings, [
      { message: /"attributes" is empty here and keeps what kitchen\.yml:2 gives it/ },
    ]);
  },
);

await tap.test(
  'trap: a value over a mapping is a TypeError there; here it replaces it and says so',
  async (t) => {
    const kitchen = await loadFrom(t, {
      'kitchen.yml': `driver: {customize: {memory: 1}}\n${matrix}`,
      'kitchen.local.yml': 'driver: {customize: none}\n',
    });
    t.strictSame(kitchen.instances[0]?.driver.settings, { customize: 'none' });
    t.match(kitchen.warnings, [
      {
        message: /"customize" replaces the whole mapping that kitchen\.yml:1/,
        location: { file: 'kitchen.local.yml' },
      },
    ]);
  },
);

await tap.test(
  'trap: unknown and misspelt keys are ignored there; here they are errors with the nearest key',
  async (t) => {
    const found = await findingsOf(
      t,
      `provisoner: {name: x}
client_rb: {}
platforms:
  - name: p
    run_lst: []
suites:
  - name: s
    data_bag_path: x
    lifecycle: {pre_convrge: []}`,
    );
    t.strictSame(
      found.map((error) => [error.code, placeOf(error), error.hint]),
      [
        ['config.unknown_key', 'kitchen.yml:5:5', 'did you mean "run_list"?'],
        ['config.unknown_key', 'kitchen.yml:9:17', 'did you mean "pre_converge"?'],
        ['config.unknown_key', 'kitchen.yml:8:5', 'did you mean "data_bags_path"?'],
        ['config.unknown_key', 'kitchen.yml:1:1', 'did you mean "provisioner"?'],
        ['config.unknown_key', 'kitchen.yml:2:1', found[4]?.hint],
      ],
    );
    t.match(found[4]?.hint, /^known here: driver, provisioner, /);
  },
);

await tap.test(
  'trap: keys at the wrong level are ignored there; here the right level is named',
  async (t) => {
    const found = await findingsOf(
      t,
      `run_list: [x]\nroles_path: r\n${matrix.replace('{name: p}', '{name: p, includes: x}')}`,
    );
    t.match(found, [
      { message: /"includes" in platforms\[0\]/, hint: 'it has no effect here: put it into a suite' },
      { message: /"run_list"/, hint: /put it into a suite or a platform/ },
      { message: /"roles_path"/, hint: /put it into a suite or "provisioner"/ },
    ]);
  },
);

await tap.test('in compat mode what Test Kitchen ignores is only a warning', async (t) => {
  const kitchen = await loadFrom(t, `client_rb: {}\n${matrix}`, { compat: true });
  t.strictSame(names(kitchen), ['s-p']);
  t.match(kitchen.warnings, [{ message: /unknown key "client_rb"/, location: { line: 1, column: 1 } }]);
});

await tap.test('keys that are the user’s own (x-, _, holders of anchors) are no mistake', async (t) => {
  const kitchen = await loadFrom(
    t,
    `x-lists: {a: [1]}
_common: {}
settings:
  base: &base {name: docker}
driver: *base
${matrix}`,
  );
  t.equal(kitchen.instances[0]?.driver.name, 'docker');
  t.strictSame(kitchen.warnings, []);
});

await tap.test(
  'trap: the common run_list is dropped where a level has its own, and a TypeError where none has',
  async (t) => {
    const kitchen = await loadFrom(
      t,
      `provisioner: {run_list: ["recipe[common]"]}
platforms: [{name: p}]
suites: [{name: own, run_list: ["recipe[a]"]}, {name: none}]`,
    );
    const list = (name: string) => instanceNamed(kitchen, name).provisioner.settings['run_list'];
    t.strictSame(list('own-p'), ['recipe[a]'], 'as there, but with a warning');
    t.strictSame(list('none-p'), ['recipe[common]']);
    t.match(kitchen.warnings, [
      { message: /run_list of the common provisioner is not used/, location: { line: 1 } },
    ]);
  },
);

await tap.test(
  'trap: a suite name given twice runs the first one twice there; here both places are named',
  async (t) => {
    const text =
      'platforms: [{name: p}]\nsuites:\n  - {name: s, run_list: [a]}\n  - {name: s, run_list: [b]}\n';
    const [error, ...others] = await findingsOf(t, text);
    t.match(error, {
      code: 'config.duplicate_instance',
      location: { line: 4, column: 12 },
      details: ['first: kitchen.yml:3:12'],
    });
    t.strictSame(others, []);
    const kitchen = await loadFrom(t, text, { compat: true });
    t.strictSame(names(kitchen), ['s-p', 's-p']);
    t.strictSame(kitchen.instances[1]?.provisioner.settings, { run_list: ['a'] });
  },
);

await tap.test('trap: colliding instance names share one state there; here they are an error', async (t) => {
  const [error] = await findingsOf(
    t,
    'platforms: [{name: c}, {name: b-c}]\nsuites: [{name: a-b}, {name: a}]\n',
  );
  t.match(error, {
    code: 'config.duplicate_instance',
    message: /suite "a" on "b-c" and suite "a-b" on "c" are both named a-b-c/,
    details: ['first: kitchen.yml:2:17'],
  });
  t.equal(placeOf(error), 'kitchen.yml:2:30');
});

await tap.test(
  'trap: a transport as text makes the platform a TypeError there; here it counts',
  async (t) => {
    const kitchen = await loadFrom(t, 'platforms: [{name: core, transport: winrm}]\nsuites: [{name: s}]\n');
    t.match(kitchen.instances[0], { osType: 'windows', transport: { name: 'winrm' } });
  },
);

await tap.test('trap: a driver section left empty next to driver_config is a TypeError there', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: p, driver: , driver_config: {box: x}, provisioner: , run_list: [a]}]
suites: [{name: s}]`,
  );
  t.strictSame(kitchen.instances[0]?.driver.settings, { box: 'x' });
  t.strictSame(kitchen.instances[0]?.provisioner.settings, { run_list: ['a'] });
});

await tap.test('trap: pre_create_command is torn apart there when pre_create is one mapping', async (t) => {
  const kitchen = await loadFrom(
    t,
    `driver: {pre_create_command: "echo two"}\nlifecycle: {pre_create: {local: echo one}}\n${matrix}`,
  );
  t.strictSame(kitchen.instances[0]?.lifecycle['pre_create'], [{ local: 'echo one' }, { local: 'echo two' }]);
});

await tap.test('trap: keys that are no text are a NoMethodError there', async (t) => {
  const kitchen = await loadFrom(t, `provisioner: {attributes: {ports: {80: web}}}\n${matrix}`);
  t.strictSame(kitchen.instances[0]?.provisioner.settings['attributes'], { ports: { 80: 'web' } });
});

await tap.test('trap: filters that name no platform and suites without one are silent there', async (t) => {
  const kitchen = await loadFrom(
    t,
    'platforms: [{name: debian-12}]\nsuites: [{name: s, excludes: [debian-11]}, {name: u, includes: [ubuntu]}]\n',
  );
  t.strictSame(names(kitchen), ['s-debian-12']);
  t.match(kitchen.warnings, [
    {
      message: /"debian-11" in excludes of the suite "s" is no platform here/,
      location: { line: 2, column: 31 },
    },
    { message: /"ubuntu" in includes of the suite "u"/ },
    { message: 'the suite "u" selects no platform' },
  ]);
});

await tap.test(
  'trap: a filter that is no text is a NoMethodError there, a broken expression a RegexpError',
  async (t) => {
    const found = await findingsOf(t, 'platforms: [{name: p}]\nsuites: [{name: s, includes: [7.2]}]\n');
    t.match(found, [
      {
        code: 'config.wrong_type',
        message: /suites\[0\]\.includes\[0\] must be text/,
        got: 'the number 7.2',
      },
    ]);
    t.match(await findingsOf(t, 'platforms: [{name: p}]\nsuites: [{name: s, includes: ["/(/"]}]\n'), [
      { code: 'config.invalid_value', message: /broken regular expression/, location: { line: 2 } },
    ]);
  },
);

await tap.test(
  'trap: platforms or suites that are empty are a NoMethodError there, no instances here',
  async (t) => {
    const kitchen = await loadFrom(t, 'platforms:\nsuites: [{name: s}]\n');
    t.strictSame(names(kitchen), []);
    t.match(kitchen.warnings, [{ message: /no platforms are given/, location: { line: 1 } }]);
  },
);

await tap.test('a key given twice counts as its last, as there, but is told', async (t) => {
  const kitchen = await loadFrom(t, `driver: {name: a}\ndriver: {name: b}\n${matrix}`);
  t.equal(kitchen.instances[0]?.driver.name, 'b');
  t.match(kitchen.warnings, [
    { message: /"driver" is given twice \(first in line 1\)/, location: { line: 2 } },
  ]);
});

await tap.test('wrong types of all kinds are reported together, each with its place', async (t) => {
  const found = await findingsOf(
    t,
    `driver: [docker]
provisioner: {name: 5}
platforms:
  - {driver: x}
  - name: 12
  - text
suites: {default: {}}
kitchen: {debug: maybe}`,
  );
  t.strictSame(
    found.map((error) => `${error.code} ${placeOf(error)} ${error.message} / ${error.got}`),
    [
      'config.wrong_type kitchen.yml:1:1 driver must be text or a mapping / a list',
      'config.wrong_type kitchen.yml:2:21 provisioner.name must be text / the number 5',
      'config.missing_key kitchen.yml:4:5 "name" is missing in platforms[0] / undefined',
      'config.wrong_type kitchen.yml:5:11 platforms[1].name must be text / the number 12',
      'config.wrong_type kitchen.yml:6:5 platforms[2] must be a mapping / the text "text"',
      'config.wrong_type kitchen.yml:7:1 suites must be a list / a mapping',
      'config.wrong_type kitchen.yml:8:18 kitchen.debug must be true or false / the text "maybe"',
    ],
  );
});

await tap.test('services: wrong names, unknown keys and unknown references', async (t) => {
  const found = await findingsOf(
    t,
    `platforms: [{name: p}, {name: q}]
services:
  "my db": postgres
  db: {imge: postgres}
  c: {image: redis, wait: {prt: 1}, environment: [NOVALUE]}
suites: [{name: s, attributes: {a: "\${services.cc.url}"}}]`,
  );
  t.strictSame(
    found.map((error) => `${error.code} ${placeOf(error)} ${error.message}`),
    [
      'config.invalid_value kitchen.yml:5:51 services.c.environment must be a mapping, or a list of KEY=value',
      'config.invalid_value kitchen.yml:3:3 "my db" cannot be the name of a service: it must work as a host name',
      'config.missing_key kitchen.yml:4:3 "image" is missing in services.db',
      'config.unknown_key kitchen.yml:4:8 unknown key "imge" in services.db',
      'config.unknown_key kitchen.yml:5:28 unknown key "prt" in services.c.wait',
      'config.unknown_reference kitchen.yml:6:36 ${services.cc.url}: suite "s" has no service "cc"',
    ],
  );
});
