import tap from 'tap';
import { renderClientRb, toRuby } from './client-rb.ts';
import type { Cookbook } from './cookbook.ts';
import { planSandbox, type SandboxInput } from './sandbox-plan.ts';
import { ChefInfraSettings } from './settings.ts';

const local = (path: string, mode = 0o644) => ({
  path,
  absolute: `/local/${path}`,
  mode,
  sha256: `hash of ${path}`,
});
const app: Cookbook = {
  name: 'app',
  dir: '/local',
  metadata: { name: 'app', version: '1.0.0', depends: [] },
  metadataFile: undefined,
  files: [local('recipes/default.rb'), local('files/run.sh', 0o755)],
};
const noData = { data: [], data_bags: [], environments: [], nodes: [], roles: [], clients: [] };

function inputOf(settings: object, more: Partial<SandboxInput> = {}): SandboxInput {
  return {
    nodeName: 'default-debian-12',
    settings: ChefInfraSettings.parse(settings),
    hasSecret: false,
    policy: undefined,
    exported: undefined,
    cookbooks: [app],
    data: { dirs: noData, secret: undefined },
    ...more,
  };
}

await tap.test('the plan lists every file once, in order, with the stamp last', async (t) => {
  const plan = planSandbox(inputOf({ run_list: ['app'], attributes: { a: 1 } }));
  t.same(
    plan.map((file) => [file.path, file.mode]),
    [
      ['client.rb', 0o600],
      ['cookbooks/app/files/run.sh', 0o755],
      ['cookbooks/app/recipes/default.rb', 0o644],
      ['dna.json', 0o600],
      ['.galley/stamp', 0o600],
    ],
  );
  t.match(plan[3]?.source, { text: '{\n  "a": 1,\n  "run_list": [\n    "app"\n  ]\n}\n' });
});

await tap.test('equal input gives an equal plan, any change another stamp', async (t) => {
  t.equal(stamp({ attributes: { a: 1 } }), stamp({ attributes: { a: 1 } }));
  t.not(stamp({ attributes: { a: 1 } }), stamp({ attributes: { a: 2 } }));
});

await tap.test('the secret is sent with mode 0600 and named in client.rb', async (t) => {
  const secret = local('encrypted_data_bag_secret', 0o600);
  const plan = planSandbox(inputOf({}, { hasSecret: true, data: { dirs: noData, secret } }));
  t.match(
    plan.find((file) => file.path === 'encrypted_data_bag_secret'),
    { mode: 0o600 },
  );
  const clientRb = plan.find((file) => file.path === 'client.rb');
  t.match(clientRb?.source, {
    text: /^encrypted_data_bag_secret "\/opt\/kitchen\/encrypted_data_bag_secret"$/m,
  });
});

await tap.test('a node file of the instance itself is a start value, others are data', async (t) => {
  const nodes = [local('default-debian-12.json'), local('db.json')];
  const paths = (settings: object) =>
    planSandbox(inputOf(settings, { data: { dirs: { ...noData, nodes }, secret: undefined } }))
      .map((file) => file.path)
      .filter((path) => path.endsWith('.json') && path !== 'dna.json');
  t.same(paths({}), ['.galley/node-start.json', 'nodes/db.json']);
  t.same(paths({ fresh_node: false }), ['nodes/db.json', 'nodes/default-debian-12.json']);
});

await tap.test('trap: an unset named run list is written as `{}` there; here it is left out', async (t) => {
  const plain = renderClientRb(inputOf({ named_run_list: {} }));
  t.notMatch(plain, /named_run_list/);
  t.match(plain, /^chef_license "accept-no-persist"$/m);
  const text = renderClientRb(
    inputOf({
      named_run_list: 'web',
      root_path: '/srv/k',
      client_rb: {
        environment: 'dev',
        ssl_verify_mode: ':verify_none',
        chef_license: 'accept',
        ohai: { x: [1, null] },
      },
    }),
  );
  t.match(text, /^named_run_list "web"$/m);
  t.match(text, /^environment "dev"$/m);
  t.match(text, /^ssl_verify_mode :verify_none$/m);
  t.match(text, /^chef_license "accept"$/m);
  t.match(text, '\nohai({ "x" => [1, nil] })\n');
  t.match(text, 'Array(galley_reports[:files]) + ["/srv/k/.galley/report.json"]');
});

await tap.test('Ruby cannot be smuggled in through a string', async (t) => {
  t.equal(toRuby('a "b" #{`id`} \\'), '"a \\"b\\" \\#{`id`} \\\\"');
  t.equal(toRuby(':a; exit'), '":a; exit"');
});

await tap.test('with a policy the run list is the policy’s', async (t) => {
  const exported = { name: 'web', group: 'local', namedRunLists: [], files: [local('policies/web.json')] };
  const plan = planSandbox(
    inputOf({ run_list: ['app'], attributes: { a: 1 } }, { exported, policy: exported }),
  );
  t.same(
    plan.map((file) => file.path),
    ['client.rb', 'dna.json', 'policies/web.json', '.galley/stamp'],
  );
  t.match(plan[1]?.source, { text: '{\n  "a": 1,\n  "policy_name": "web",\n  "policy_group": "local"\n}\n' });
});

function stamp(settings: object): string | undefined {
  return planSandbox(inputOf(settings)).at(-1)?.sha256;
}
