import tap from 'tap';
import { findingsOf, instanceNamed, loadFrom, placeOf } from '../../test/corpus/kitchen-folder.ts';

const KITCHEN = `provisioner: {name: chef_infra, policyfile_path: Policyfile.rb, attributes: {everywhere: 1}}
platforms: [{name: p, run_list: ["recipe[apt]"]}, {name: q}]
suites:
  - name: upgrade
    run_list: ["recipe[app]"]
    attributes: {app: {port: 80, tls: true}}
    verifier: {checks: [{service: app}]}
    lifecycle: {pre_converge: first}
    steps:
      - name: v1
        cookbooks: cookbooks/v1
        checks: [{command: app --version}]
      - name: v2
        run_list: ["recipe[app::next]"]
        attributes: {app: {port: 81}}
        provisioner: {enforce_idempotency: true}
        lifecycle: {pre_converge: second}
        verifier: {checks: [{port: 81}]}
        checks: [{port: 82}]
      - name: v3
        cookbooks: {app: "~> 3.0"}
`;

await tap.test('a step has the settings of its suite and its own over them', async (t) => {
  const kitchen = await loadFrom(t, KITCHEN);
  const config = instanceNamed(kitchen, 'upgrade-p');
  t.same(config.provisioner.settings['run_list'], ['recipe[apt]', 'recipe[app]'], 'the suite is as it was');
  t.same(config.verifier.settings['checks'], [{ service: 'app' }]);
  const [v1, v2, v3] = config.steps ?? [];
  t.strictSame([v1?.name, v2?.name, v3?.name], ['v1', 'v2', 'v3']);
  t.same(v1?.config.provisioner, {
    name: 'chef_infra',
    settings: {
      policyfile_path: null,
      attributes: { everywhere: 1, app: { port: 80, tls: true } },
      run_list: ['recipe[apt]', 'recipe[app]'],
      cookbook_paths: 'cookbooks/v1',
    },
  });
  t.same(v2?.config.provisioner.settings, {
    policyfile_path: 'Policyfile.rb',
    attributes: { everywhere: 1, app: { port: 81, tls: true } },
    run_list: ['recipe[apt]', 'recipe[app::next]'],
    enforce_idempotency: true,
  });
  t.same(v3?.config.provisioner.settings['cookbook_overrides'], { app: '~> 3.0' });
  t.equal(v3?.config.provisioner.settings['policyfile_path'], 'Policyfile.rb');
  t.same(v2?.config.lifecycle, { pre_converge: ['first', 'second'] });
  t.same(v2?.config.instance, config.instance);
  t.same(
    instanceNamed(kitchen, 'upgrade-q').steps?.map((step) => step.config.provisioner.settings['run_list']),
    [['recipe[app]'], ['recipe[app::next]'], ['recipe[app]']],
  );
});

await tap.test('the checks of the suite hold after every step, the step’s own come after them', async (t) => {
  const { steps = [] } = instanceNamed(await loadFrom(t, KITCHEN), 'upgrade-p');
  t.same(
    steps.map((step) => step.config.verifier.settings['checks']),
    [
      [{ service: 'app' }, { command: 'app --version' }],
      [{ service: 'app' }, { port: 81 }, { port: 82 }],
      [{ service: 'app' }],
    ],
  );
  const checks = steps[1]?.config;
  t.match(checks?.locate(['verifier', 'checks', 0, 'service']), { file: 'kitchen.yml', line: 7 });
  t.match(checks?.locate(['verifier', 'checks', 2, 'port']), { file: 'kitchen.yml', line: 19 });
  t.match(checks?.locate(['provisioner', 'attributes', 'app', 'port']), { line: 15 });
});

await tap.test('references to services are filled in for steps, too', async (t) => {
  const found = await findingsOf(
    t,
    `services: {db: {image: "postgres:15"}}
platforms: [{name: p}]
suites: [{name: s, steps: [{name: a, attributes: {host: "\${services.db.host}"}, checks: [{port: "\${services.db.prot}"}]}]}]`,
  );
  t.match(found, [{ code: 'config.unknown_reference' }]);
});

await tap.test('mistakes in steps have their place and a suggestion', async (t) => {
  const errors = await findingsOf(
    t,
    `platforms: [{name: p}]
suites:
  - name: s
    steps:
      - {name: a, runlist: [x]}
      - {name: a, chekcs: []}
      - {run_list: x}
      - {name: b, driver: docker}
      - {name: c, checks: {port: 1}}
      - {name: d, lifecycle: {pre_create: x}}
`,
  );
  const found = errors.map((one) => `${placeOf(one)} ${one.message}${one.hint ? ` (${one.hint})` : ''}`);
  t.match(found.join('\n'), /kitchen\.yml:5:\d+ unknown key "runlist" .*did you mean "run_list"/);
  t.match(found.join('\n'), /kitchen\.yml:6:\d+ unknown key "chekcs" .*did you mean "checks"/);
  t.match(found.join('\n'), /kitchen\.yml:7:\d+ "name" is missing in suites\[0\]\.steps\[2\]/);
  t.match(found.join('\n'), /kitchen\.yml:8:\d+ unknown key "driver"/);
  t.match(found.join('\n'), /kitchen\.yml:9:\d+ suites\[0\]\.steps\[4\]\.checks must be a list/);
  t.match(found.join('\n'), /kitchen\.yml:10:\d+ unknown key "pre_create"/);
  t.match(found.join('\n'), /kitchen\.yml:6:16 two steps of the suite "s" are named "a"/);
  t.equal(found.length, 7, found.join('\n'));
});

await tap.test('checks that are no list are refused where they are written', async (t) => {
  const kitchen = await loadFrom(
    t,
    `platforms: [{name: p}]
verifier: {checks: [{file: /a}]}
suites: [{name: s, steps: [{name: a, verifier: {checks: {file: /x}}}]}]`,
  );
  const [step] = instanceNamed(kitchen, 's-p').steps ?? [];
  t.same(step?.config.verifier.settings['checks'], { file: '/x' }, 'for the reader of checks to refuse');
  t.match(step?.config.locate(['verifier', 'checks']), { line: 3 });
});
