import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { createDockerDriver } from '../../../drivers/docker/index.ts';
import { testContext } from '../../../test/contract/context.ts';
import { host } from '../../../test/host.ts';
import { contextOf, converging, provisioningHost } from '../../../test/provisioning.ts';
import type { Connection } from '../../core/transport.ts';
import { createDockerTransport } from '../../transports/docker/index.ts';
import { createChefInfra } from './index.ts';
import { createChefSolo } from './solo.ts';

// A real client in a real container, its folder mounted read-only like the driver does.
const FIXTURES = join(import.meta.dirname, 'fixtures');
const ROOT = '/opt/kitchen';
const chef = createChefInfra(provisioningHost());

async function kitchen(t: Tap): Promise<string> {
  const root = t.testdir();
  await cp(join(FIXTURES, 'cookbooks'), join(root, 'cookbooks'), { recursive: true });
  return root;
}
type Tap = { testdir(): string };

const machine = await machineWithClient('chef', {});
tap.teardown(() => machine.remove());
const { connection, binary } = machine;
const settings = (runList: string, more: object = {}) =>
  chef.config.parse({ run_list: [runList], attributes: { out: '/srv/out' }, ...more });
await sh(connection, 'mkdir -p /srv/out');

await tap.test('a converge without changes is one exec and one read, and removed files go', async (t) => {
  const root = await kitchen(t);
  const run = converging(connection, binary);
  const converge = () => chef.converge(contextOf(root, settings('demo')), run.input());
  t.match(await converge(), { outcome: 'passed', total: 5, updated: 3 });
  t.same(run.calls, ['upload', 'execute', 'readFile']);
  t.match(await converge(), { outcome: 'passed', total: 5, updated: 1 });
  t.same(run.calls, ['execute', 'readFile']);
  await rm(join(root, 'cookbooks/attr'), { recursive: true });
  t.match(await converge(), { outcome: 'passed' });
  t.equal((await sh(connection, `ls ${ROOT}/cookbooks`)).trim(), 'demo\nsyn');
  await sh(connection, `rm -rf ${ROOT}`);
  t.match(await converge(), { outcome: 'passed' }, 'a wiped root path is filled again');
});

await tap.test('the counts are those of the client: nested and notified resources count', async (t) => {
  const root = await kitchen(t);
  const demo = join(root, 'cookbooks/demo');
  await mkdir(join(demo, 'resources'), { recursive: true });
  const nested = `unified_mode true
provides :nested
action :run do
  file('/srv/out/nested') { content 'x' }
end
`;
  const recipe = `execute('later') { command 'true'; action :nothing }
nested('n') { notifies :run, 'execute[later]', :immediately }
`;
  await writeFile(join(demo, 'resources/nested.rb'), nested);
  await writeFile(join(demo, 'recipes/counted.rb'), recipe);
  const converge = async () => {
    const ctx = contextOf(root, settings('demo::counted'));
    const { updated, total } = await chef.converge(ctx, converging(connection, binary).input());
    const lines = ctx.events.map((event) => (event.type === 'output' ? event.line : ''));
    const told = lines.flatMap((line) => / complete, (\S+) resources updated/.exec(line)?.[1] ?? []);
    return { ours: `${updated}/${total}`, theirs: told.join() };
  };
  t.same(await converge(), { ours: '3/4', theirs: '3/4' });
  t.same(await converge(), { ours: '0/3', theirs: '0/3' }, 'nobody notified');
});

await tap.test(
  'a template with an undefined attribute fails at the template, without a node dump',
  async (t) => {
    const root = await kitchen(t);
    const ctx = contextOf(root, settings('demo::tmpl'));
    const result = await chef.converge(ctx, converging(connection, binary).input());
    t.match(result, {
      outcome: 'failed',
      resources: [{ resource: 'template[/srv/out/app.ini]', status: 'failed' }],
      error: {
        code: 'chef.converge_failed',
        kind: 'converge',
        message: /^template\[\/srv\/out\/app.ini\] \(create\) in demo::tmpl:1 failed: /,
        location: { file: join(root, 'cookbooks/demo/templates/app.ini.erb'), line: 3 },
      },
    });
    t.ok(result.error?.details?.includes("node['app'] is not set at any level"));
    const dump = await chef.converge(
      contextOf(root, settings('demo::nodemethod')),
      converging(connection, binary).input(),
    );
    t.ok(JSON.stringify(dump.error).length < 2000);
  },
);

await tap.test('the secret is on the instance for root only, and masked in the output', async (t) => {
  const root = await kitchen(t);
  await writeFile(join(root, 'encrypted_data_bag_secret_key'), 'hunter22hunter22\n');
  const recipe = `execute 'cat ${ROOT}/encrypted_data_bag_secret' do\n  live_stream true\nend\n`;
  await writeFile(join(root, 'cookbooks/demo/recipes/secret.rb'), recipe);
  const ctx = contextOf(root, settings('demo::secret'));
  t.match(await chef.converge(ctx, converging(connection, binary).input()), { outcome: 'passed' });
  t.equal((await sh(connection, `stat -c '%a %U' ${ROOT}/encrypted_data_bag_secret`)).trim(), '600 root');
  const output = ctx.events.map((event) => (event.type === 'output' ? event.line : '')).join('\n');
  t.match(output, /\[redacted\]/);
  t.notMatch(output, /hunter22/);
});

await tap.test('a second run that still changes something is not idempotent', async (t) => {
  const ctx = contextOf(await kitchen(t), settings('demo', { enforce_idempotency: true }));
  t.match(await chef.converge(ctx, converging(connection, binary).input()), {
    outcome: 'failed',
    error: {
      code: 'chef.not_idempotent',
      kind: 'idempotency',
      details: ['execute[say] (run) in demo::default', /^full log: /],
    },
  });
});

await tap.test('a client that is killed, too slow or misconfigured has its own error', async (t) => {
  const root = await kitchen(t);
  const failure = async (runList: string, more: object = {}) => {
    const ctx = contextOf(root, settings(runList, more));
    return (await chef.converge(ctx, converging(connection, binary).input())).error;
  };
  t.match(await failure('demo::suicide'), { code: 'chef.client_killed', kind: 'infrastructure' });
  t.match(await failure('demo::slow', { timeout: 5 }), { code: 'chef.timeout', kind: 'converge' });
  const config = await failure('demo', { chef_options: '--no-such-option' });
  t.match(config, { code: 'chef.converge_failed', message: /exit code \d+ before it could report/ });
  t.equal(config?.details?.[0], 'the client wrote no report; from its log:');
});

await tap.test(
  'chef_gem installs beside the read-only client, and commands inherit nothing of it',
  async (t) => {
    const root = await kitchen(t);
    const converge = (to: Connection) =>
      chef.converge(contextOf(root, settings('demo::gem')), converging(to, binary).input());
    t.match(await converge(connection), { outcome: 'passed' });
    t.equal(await sh(connection, 'cat /srv/out/leaks'), '');
    // A client whose own gem folder cannot be written to: its gems go below the root path.
    const readOnly = await machineWithClient('gem', { tmpfs: { '/var/lib/galley': 'ro' } });
    try {
      await sh(readOnly.connection, 'mkdir -p /srv/out');
      t.match(await converge(readOnly.connection), { outcome: 'passed' });
      t.match(
        await sh(readOnly.connection, 'cat /srv/out/gem-path'),
        `${ROOT}/gems/gems/galley_probe-1.0.0/`,
      );
      t.equal(await sh(readOnly.connection, 'cat /srv/out/leaks'), '');
    } finally {
      await readOnly.remove();
    }
  },
);

await tap.test('chef-solo converges like the client, reports like it, and has its own solo.rb', async (t) => {
  const root = await kitchen(t);
  const solo = createChefSolo(provisioningHost());
  const converge = (recipe: string, more: object = {}) => {
    const given = { run_list: [recipe], attributes: { out: '/srv/out' }, ...more };
    const ctx = contextOf(root, solo.config.parse(given));
    return solo.converge(ctx, converging(connection, binary).input());
  };
  const recipe = `file '/srv/out/solo' do
  content [Chef::Config[:solo_legacy_mode], Chef::Config[:config_file], Chef::Config[:ssl_verify_mode]].inspect
end
search(:node, '*:*')
`;
  await writeFile(join(root, 'cookbooks/demo/recipes/solo.rb'), recipe);
  const solo_rb = { ssl_verify_mode: ':verify_none' };
  t.match(await converge('demo::solo', { solo_rb }), { outcome: 'passed', total: 1, updated: 1 });
  t.match(await sh(connection, 'cat /srv/out/solo'), `"${ROOT}/solo.rb", :verify_none]`);
  t.notMatch(await sh(connection, 'cat /srv/out/solo'), '[true');
  t.match(await converge('demo::solo', { solo_rb }), { outcome: 'passed', total: 1, updated: 0 });
  t.match(
    await converge('demo::solo', { legacy_mode: true }),
    {
      outcome: 'failed',
      error: {
        code: 'chef.converge_failed',
        location: { file: join(root, 'cookbooks/demo/recipes/solo.rb'), line: 4 },
      },
    },
    'legacy mode has no search',
  );
  t.match(await converge('demo', { legacy_mode: true }), { outcome: 'passed', total: 5 });
});

async function sh(to: Connection, script: string): Promise<string> {
  const { stdout } = await to.execute(['/bin/sh', '-c', script]);
  return stdout;
}

/** An instance of the docker driver without an init system. */
async function machineWithClient(name: string, more: object) {
  const driver = createDockerDriver(host);
  const config = driver.config.parse({ image: 'galley/debian-12', init: 'none', ...more });
  const ctx = testContext(config, { project: 'galley-test-provisioners', instance: name }) as never;
  let made = {};
  const record = async (known: object): Promise<void> => {
    made = { ...made, ...known };
  };
  const remove = () => driver.destroy(ctx, made);
  try {
    const machine = await driver.create(ctx, { needsClient: true, hostPorts: [] }, record);
    made = machine;
    await driver.waitUntilReady(ctx, machine);
    const transport = createDockerTransport(host);
    const to = testContext(transport.config.parse({}), {
      project: 'galley-test-provisioners',
      instance: name,
    });
    const client = driver.client(machine);
    if (client === undefined) throw new Error('the driver gave no client');
    return {
      connection: await transport.connect(to, driver.endpoint(machine)),
      binary: client.binary,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
