import path from 'node:path';
import tap from 'tap';
import { findingsOf, instanceNamed, loadFrom, names } from '../../test/corpus/kitchen-folder.ts';
import { projectName } from './load.ts';

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

await tap.test('common < platform < suite; a text is a name; lists are replaced', async (t) => {
  const kitchen = await loadFrom(
    t,
    `driver: docker
provisioner:
  name: chef_infra
  list: [1, 2]
  client_rb: {a: 1, b: {c: 1}}
verifier: inspec
platforms:
  - name: one
    driver: {image: "debian:12"}
    provisioner: {list: [3]}
    transport: docker
  - name: two
    driver: dokken
suites:
  - name: s
    provisioner: {client_rb: {b: {d: 2}}}
    verifier: {controls: [x]}`,
  );
  const one = instanceNamed(kitchen, 's-one');
  t.same(one.driver, { name: 'docker', settings: { image: 'debian:12' } });
  t.same(one.provisioner, {
    name: 'chef_infra',
    settings: { list: [3], client_rb: { a: 1, b: { c: 1, d: 2 } } },
  });
  t.same(one.verifier, { name: 'inspec', settings: { controls: ['x'] } });
  t.equal(one.transport.name, 'docker');
  const two = instanceNamed(kitchen, 's-two');
  t.same(two.driver, { name: 'dokken', settings: {} });
  t.same(two.provisioner.settings['list'], [1, 2]);
  t.strictSame(two.transport, { name: undefined, settings: {} });
});

await tap.test('global < project < local, with lists of platforms and suites replaced whole', async (t) => {
  const kitchen = await loadFrom(t, {
    'home/.kitchen/config.yml': 'driver: {name: global, a: 1, b: 1, c: 1}\nverifier: {name: v}\n',
    'kitchen.yml': `driver: {b: 2, c: 2, list: [1, 2]}
platforms: [{name: p, driver: {x: 1}}, {name: q}]
suites: [{name: s}]`,
    'kitchen.local.yml': 'driver: {c: 3, list: [9]}\nplatforms: [{name: p}]\n',
  });
  t.strictSame(names(kitchen), ['s-p']);
  const [only] = kitchen.instances;
  t.same(only?.driver, { name: 'global', settings: { a: 1, b: 2, c: 3, list: [9] } });
  t.equal(only?.verifier.name, 'v');
  t.strictSame(
    kitchen.files.map((file) => path.basename(file)),
    ['kitchen.yml', 'kitchen.local.yml', 'config.yml'],
  );
});

await tap.test('run lists: the platform’s, then the suite’s, flat and without empty items', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms:
  - {name: p, run_list: ["recipe[apt]"]}
  - {name: q, run_list: "recipe[yum]"}
  - {name: r, run_list: }
suites:
  - {name: s, run_list: ["recipe[a]", ~, ["recipe[b]"]]}
  - {name: e}`,
  );
  const list = (name: string) => instanceNamed(kitchen, name).provisioner.settings['run_list'];
  t.strictSame(list('s-p'), ['recipe[apt]', 'recipe[a]', 'recipe[b]']);
  t.strictSame(list('s-q'), ['recipe[yum]', 'recipe[a]', 'recipe[b]']);
  t.strictSame(list('s-r'), ['recipe[a]', 'recipe[b]']);
  t.strictSame(list('e-q'), ['recipe[yum]']);
  t.equal(list('e-r'), undefined);
});

await tap.test('attributes merge deeply over the three levels; lists inside are replaced', async (t) => {
  const kitchen = await loadFrom(
    t,
    `provisioner: {attributes: {app: {port: 80, l: [1, 2]}, x: 1}}
platforms: [{name: p, attributes: {app: {l: [3]}}}]
suites: [{name: s, attributes: {app: {port: 8080}, y: yes}}]`,
  );
  t.strictSame(kitchen.instances[0]?.provisioner.settings['attributes'], {
    app: { port: 8080, l: [3] },
    x: 1,
    y: true,
  });
});

await tap.test('keys of a suite or a platform that are the provisioner’s move there, and win', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: p, named_run_list: np, policy_group: gp}]
suites:
  - name: s
    provisioner: {roles_path: from_section, nodes_path: n}
    roles_path: moved
    data_path: d
    data_bags_path: db
    environments_path: e
    encrypted_data_bag_secret_key_path: k
    named_run_list: ns`,
  );
  t.strictSame(kitchen.instances[0]?.provisioner.settings, {
    named_run_list: 'ns',
    policy_group: 'gp',
    roles_path: 'moved',
    nodes_path: 'n',
    data_path: 'd',
    data_bags_path: 'db',
    environments_path: 'e',
    encrypted_data_bag_secret_key_path: 'k',
  });
});

await tap.test('legacy keys still count', async (t) => {
  const kitchen = await loadFrom(
    t,
    `driver_plugin: vagrant
driver_config: {require_chef_omnibus: 11.10, box: common, http_proxy: "http://p"}
busser: {extra: 1}
platforms:
  - {name: p, driver_config: {box: mine}, driver_plugin: docker, driver: {box: explicit}}
  - {name: q, driver_config: {memory: 1, pre_create_command: "echo q"}, busser: "1.2"}
suites:
  - {name: s, busser: {sync: true}, lifecycle: {pre_create: [{local: echo s}]}}`,
  );
  const p = instanceNamed(kitchen, 's-p');
  t.same(p.driver, { name: 'docker', settings: { box: 'explicit', http_proxy: 'http://p' } });
  t.strictSame(p.provisioner.settings, { require_chef_omnibus: 11.1, http_proxy: 'http://p' });
  t.same(p.verifier, { name: 'busser', settings: { extra: 1, sync: true, http_proxy: 'http://p' } });
  const q = instanceNamed(kitchen, 's-q');
  t.same(q.driver, { name: 'vagrant', settings: { box: 'common', memory: 1, http_proxy: 'http://p' } });
  t.same(q.verifier.settings['version'], '1.2');
  t.strictSame(q.lifecycle, { pre_create: [{ local: 'echo q' }, { local: 'echo s' }] });
});

await tap.test('lifecycle hooks are concatenated common, platform, suite', async (t) => {
  const kitchen = await loadFrom(
    t,
    `lifecycle: {pre_converge: echo common, post_create: {remote: whoami}}
platforms: [{name: p, lifecycle: {pre_converge: [{local: echo platform}]}}]
suites: [{name: s, lifecycle: {pre_converge: [{remote: echo suite}, echo last], finally_destroy: [x]}}]`,
  );
  t.strictSame(kitchen.instances[0]?.lifecycle, {
    pre_converge: ['echo common', { local: 'echo platform' }, { remote: 'echo suite' }, 'echo last'],
    post_create: [{ remote: 'whoami' }],
    finally_destroy: ['x'],
  });
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

await tap.test('the settings under `kitchen` reach all sections, which cannot set them', async (t) => {
  const kitchen = await loadFrom(
    t,
    `kitchen: {log_level: debug, test_base_path: spec}
driver: {log_level: info, debug: true}
provisioner: {log_level: warn, debug: true}
platforms: [{name: p}]
suites: [{name: s}]`,
  );
  const [only] = kitchen.instances;
  t.strictSame(only?.driver.settings, { debug: true, test_base_path: 'spec', log_level: 'debug' });
  t.strictSame(only?.provisioner.settings, { log_level: 'warn', test_base_path: 'spec' });
  t.match(kitchen.warnings, [
    { message: /"log_level" has no effect in driver/ },
    { message: /"debug" has no effect/ },
  ]);
});

await tap.test('services merge by name over the levels; short forms are spelt out', async (t) => {
  const kitchen = await loadFrom(
    t,
    `services:
  db: postgres:15
  cache: {image: "redis:7", timeout: 5}
platforms: [{name: p, services: {cache: {ports: 6380, wait: {port: 6380}}}}]
suites:
  - name: s
    tags: [smoke, web]
    services:
      db: {environment: [POSTGRES_PASSWORD=x=y, POSTGRES_USER=app]}
      app: {image: acme/app, environment: {PORT: 80, DEBUG: true, EMPTY: }, command: run --with "two words", ports: [80, 443]}
    provisioner:
      attributes: {url: "\${services.db.url}", port: "\${services.cache.port}"}
  - {name: bare, services: {db: , cache: }, tags: [web, web]}`,
  );
  const s = instanceNamed(kitchen, 's-p');
  t.strictSame(s.services, {
    db: {
      image: 'postgres:15',
      environment: { POSTGRES_PASSWORD: 'x=y', POSTGRES_USER: 'app' },
      ports: [5432],
      command: undefined,
      wait: undefined,
      timeout: 60,
      url: undefined,
    },
    cache: {
      image: 'redis:7',
      environment: {},
      ports: [6380],
      command: undefined,
      wait: { port: 6380 },
      timeout: 5,
      url: undefined,
    },
    app: {
      image: 'acme/app',
      environment: { PORT: '80', DEBUG: 'true', EMPTY: '' },
      ports: [80, 443],
      command: ['run', '--with', 'two words'],
      wait: undefined,
      timeout: 60,
      url: undefined,
    },
  });
  t.strictSame(s.provisioner.settings['attributes'], {
    url: 'postgresql://app:x%3Dy@db:5432/app',
    port: 6380,
  });
  t.strictSame(s.tags, ['smoke', 'web']);
  t.strictSame(instanceNamed(kitchen, 'bare-p').tags, ['web']);
  t.match(s.locate(['services', 'db', 'image']), { line: 2 });
  t.match(s.locate(['provisioner', 'attributes', 'url']), { line: 12 });
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
