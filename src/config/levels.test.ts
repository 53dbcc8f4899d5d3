import path from 'node:path';
import tap from 'tap';
import { instanceNamed, loadFrom, names } from '../../test/corpus/kitchen-folder.ts';

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
