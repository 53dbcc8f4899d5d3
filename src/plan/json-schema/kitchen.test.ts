import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { parse } from 'yaml';
import { REPO } from '../../../test/galley.ts';
import { schemaFaults } from '../../../test/json-schema.ts';
import { createPlugins } from '../../plugins.ts';
import { kitchenJsonSchema } from './kitchen.ts';

const schema = kitchenJsonSchema(createPlugins({ env: {}, cacheDir: '' }));

/** Paths of what an editor would mark. */
function marked(text: string): readonly string[] {
  return schemaFaults(schema, parse(text, { merge: true }));
}

const VALID = {
  'the example': readFileSync(join(REPO, 'kitchen.example.yml'), 'utf8'),
  'short forms': `
driver: docker
provisioner: chef_zero
verifier: inspec
lifecycle: {pre_create: make, post_converge: [{remote: "true", timeout: 2m}, make]}
services: {db: "postgres:15", cache: {image: redis, environment: [A=b]}}
platforms: [{name: debian-12}]
suites: [{name: a, run_list: "recipe[a]", includes: /debian/}]
`,
  'settings of a driver that is none of ours, and a level that does not say whose they are': `
driver: {name: vagrant, customize: {memory: 2048}, provider: hyperv}
platforms: [{name: windows-2019, driver: {box: x/y, gui: true}}]
suites: [{name: a, verifier: {inspec_tests: [test/smoke]}, provisioner: {chef_solo_path: /x}}]
`,
  'ERB and references wherever a value is wanted, and ERB in a key': `
driver: {name: docker, privileged: "<%= ENV['P'] %>", publish: "<%= port %>", init: "<%= init %>"}
provisioner: {name: chef_infra, multiple_converge: <%= 2 %>, attributes: <%= attributes %>}
lifecycle: {"pre_<%= phase %>": make}
suites:
  - name: <%= name %>
    run_list: <%= list %>
    verifier:
      checks:
        - port: \${services.db.port}
          listening: <%= true %>
        - process: nginx
          count: {gte: "\${services.db.port}"}
        - http: <%= url %>
          status: <%= 200 %>
`,
  'old spellings, notes of the user, empty values': `
x-base: &base {privileged: true}
_notes: [anything]
driver_plugin: docker
driver_config: {use_sudo: false}
driver: {<<: *base, name: docker, http_proxy: , require_chef_omnibus: true, log_level: debug, socket: unix:///x}
busser: "1.0"
platforms:
suites: [{name: a, attributes: , data_bags_path: [a, b]}]
`,
  'an overlay that merges by name': `
merge: by_name
platforms: [{name: a, remove: true}, {name: b, replace: [driver], driver: docker}]
suites: [{name: a, replace: true, append: verifier.checks, verifier: {checks: [{port: 80}]}}]
`,
  cells: `
cells: [{suite: web, platform: [/ubuntu/, debian-12], driver: {memory: 1g}, checks: [{port: 80}], tags: slow, append: driver.cap_add}]
`,
  'steps of a suite': `
suites: [{name: up, from: base, steps: [{name: v1, cookbooks: {web: 1.0.0}, checks: [{port: 80}], lifecycle: {pre_converge: make}}]}]
`,
  'existing tests, with checks beside them': `
verifier: {checks: [{port: 80}], allowEmpty: true}
suites:
  - {name: a, verifier: {name: busser, env: {A: 1}, version: "1.0", ruby_bindir: }}
  - {name: b, verifier: {name: goss, goss_version: v0.4.9, env_vars: {A: b}, vars: {a: [1]}, wait: [{port: 80}]}}
  - {name: c, verifier: {name: testinfra, tests: a.py, options: [-m, x], sudo: true}}
  - {name: d, verifier: {name: inspec, inspec_tests: [{git: x, branch: y}], controls: [a]}}
  - {name: e, verifier: {name: shell, command: [a, b], timeout: 5}}
`,
  'a type of check that is an attribute of another one': `
verifier: {checks: [{command: "true", env: {A: 1}, exit: 0}, {http: /, port: 8080}, {env: {of: uwsgi, key: A}, value: x}]}
`,
};

for (const [what, text] of Object.entries(VALID)) {
  await tap.test(`the schema marks nothing: ${what}`, async (t) => t.same(marked(text), []));
}

const INVALID: readonly (readonly [string, string])[] = [
  ['/provisoner', 'provisoner: {name: shell}'],
  ['/suites/0/run_lst', 'suites: [{name: a, run_lst: []}]'],
  ['/suites/0/name', 'suites: [{run_list: []}]'],
  ['/platforms/0/os_type', 'platforms: [{name: a, os_type: linux}]'],
  ['/driver/cap_ad', 'driver: {name: docker, cap_ad: [X]}'],
  ['/driver/cap_ad', 'driver: {name: dokken, cap_ad: [X]}'],
  ['/driver/init', 'driver: {name: docker, init: sytemd}'],
  ['/driver/build_args', 'driver: {name: docker, build_args: {A: b}}'],
  ['/provisioner/enforce_idempotency', 'provisioner: {name: chef_infra, enforce_idempotency: yes please}'],
  ['/provisioner/multiple_converge', 'provisioner: {name: chef_zero, multiple_converge: 0}'],
  ['/suites/0/provisioner/comand', 'suites: [{name: a, provisioner: {name: shell, comand: x}}]'],
  [
    '/suites/0/steps/0/checks/0/listning',
    'suites: [{name: a, steps: [{name: b, checks: [{port: 80, listning: true}]}]}]',
  ],
  [
    '/suites/0/steps/0/provisioner/comand',
    'suites: [{name: a, steps: [{name: b, provisioner: {name: shell, comand: x}}]}]',
  ],
  ['/platforms/0/remove', 'platforms: [{name: a, remove: true}]'],
  ['/merge', 'merge: by name'],
  ['/cells/0/atributes', 'cells: [{suite: a, atributes: {}}]'],
  ['/cells/0/suite', 'cells: [{tags: [a]}]'],
  ['/cells/0/checks/0/listning', 'cells: [{suite: a, checks: [{port: 80, listning: true}]}]'],
  ['/lifecycle/pre_converg', 'lifecycle: {pre_converg: make}'],
  ['/lifecycle/pre_converge/0/locl', 'lifecycle: {pre_converge: [{locl: make, local: make}]}'],
  ['/services/db/imag', 'services: {db: {image: x, imag: y}}'],
  ['/services/db_/', 'services: {"db_/": x}'],
  ['/verifier/root_pth', 'verifier: {name: busser, root_pth: /x}'],
  ['/verifier/timeout', 'verifier: {name: busser, timeout: soon}'],
  ['/verifier/goss_versoin', 'verifier: {name: goss, goss_versoin: v1}'],
  ['/verifier/option', 'verifier: {name: pytest-testinfra, option: [a]}'],
  ['/verifier/inspec_test', 'verifier: {name: cinc_auditor, inspec_test: [a]}'],
  ['/verifier/comand', 'verifier: {name: shell, comand: a}'],
  ['/verifier/checks/0/prot', 'verifier: {checks: [{prot: 80}]}'],
  ['/verifier/checks/0/listning', 'verifier: {checks: [{port: 80, listning: true}]}'],
  ['/verifier/checks/0/count/gt_', 'verifier: {checks: [{process: x, count: {gt_: 3}}]}'],
  ['/verifier/checks/0/count', 'verifier: {checks: [{process: x, count: many}]}'],
  ['/verifier/checks/0/repeat', 'verifier: {checks: [{file: /x, repeat: 3}]}'],
  ['/verifier/checks/0/type', 'verifier: {checks: [{file: /x, type: flie}]}'],
  ['/verifier/checks/0/timeout', 'verifier: {checks: [{command: x, timeout: soon}]}'],
];

for (const [path, text] of INVALID) {
  await tap.test(`the schema marks ${path}: ${text}`, async (t) => {
    const found = marked(text);
    t.ok(
      found.some((one) => one === path || (path.endsWith('prot') && one.startsWith('/verifier/checks/0'))),
      found.join(),
    );
  });
}

await tap.test('the kitchens of the fixtures: what is good is not marked', async (t) => {
  const good = globSync('fixtures/kitchens/*/kitchen*.yml', { cwd: REPO });
  t.ok(good.length >= 4, good.join());
  for (const file of good) t.same(marked(readFileSync(join(REPO, file), 'utf8')), [], file);
});
