import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import tap from 'tap';
import { contextOf, provisioningHost } from '../../../test/provisioning.ts';
import { type GalleyError, GalleyErrors } from '../../core/errors.ts';
import { SettingsError } from '../settings-error.ts';
import { createChefInfra } from './index.ts';
import { type Prepared, prepareChef } from './prepare.ts';

const HOST = provisioningHost();
const { config } = createChefInfra(HOST);

async function kitchen(root: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

function prepare(root: string, settings: object, host = HOST): Promise<Prepared> {
  return prepareChef(contextOf(root, config.parse(settings)), host);
}

async function errorOf(work: Promise<unknown>): Promise<GalleyError> {
  return work.then(
    () => Promise.reject(new Error('expected it to fail')),
    (error: GalleyError) => error,
  );
}

const paths = (prepared: Prepared, name: string): readonly string[] | undefined =>
  prepared.cookbooks.cookbooks.find((one) => one.name === name)?.files.map((file) => file.path);

await tap.test(
  'cookbooks come from the root, cookbooks/ and site-cookbooks/, named by their metadata',
  async (t) => {
    const root = await kitchen(t.testdir(), {
      'metadata.rb': "name 'mine'\n",
      'recipes/default.rb': '',
      'kitchen.yml': '',
      'spec/x_spec.rb': '',
      'cookbooks/folder/metadata.rb': "name 'named'\n",
      'cookbooks/folder/recipes/default.rb': '',
      'cookbooks/bare/recipes/default.rb': '',
      'site-cookbooks/other/metadata.json': '{"name":"other"}',
      'cookbooks/mine/metadata.rb': "name 'mine'\n",
    });
    const prepared = await prepare(root, { run_list: ['mine', 'named', 'bare'] });
    t.same(
      prepared.cookbooks.cookbooks.map((one) => one.name),
      ['bare', 'mine', 'named', 'other'],
    );
    t.same(paths(prepared, 'mine'), ['metadata.rb', 'recipes/default.rb'], 'only cookbook files of the root');
    t.same(prepared.cookbooks.duplicates, [[root, join(root, 'cookbooks/mine')]], 'the own cookbook wins');
  },
);

await tap.test('chefignore and cookbook_files_glob decide what is sent', async (t) => {
  const root = await kitchen(t.testdir(), {
    'cookbooks/a/metadata.rb': "name 'a'\n",
    'cookbooks/a/recipes/default.rb': '',
    'cookbooks/a/recipes/default.rb~': '',
    'cookbooks/a/files/.bashrc': '',
    'cookbooks/a/test/x.rb': '',
    'cookbooks/chefignore': '*~\n',
  });
  t.same(paths(await prepare(root, {}), 'a'), ['files/.bashrc', 'metadata.rb', 'recipes/default.rb']);
  const all = await prepare(root, { cookbook_files_glob: 'metadata.{rb,json},test/**/*' });
  t.same(paths(all, 'a'), ['metadata.rb', 'test/x.rb']);
});

await tap.test('cookbook_paths replaces the search', async (t) => {
  const root = await kitchen(t.testdir(), {
    Berksfile: '',
    'vendor/a/metadata.rb': "name 'a'\n",
    'vendor/a/recipes/default.rb': '',
    'one/metadata.rb': "name 'one'\n",
  });
  const prepared = await prepare(root, { cookbook_paths: ['vendor', 'one'], run_list: ['a'] });
  t.same(
    prepared.cookbooks.cookbooks.map((one) => one.name),
    ['a', 'one'],
  );
  const error = await errorOf(prepare(root, { cookbook_paths: ['vendor', 'nope'] }));
  t.match(error, { code: 'provisioner.path_missing', kind: 'config', settingsPath: ['cookbook_paths', 1] });
});

await tap.test('data of a suite is found like Test Kitchen finds it', async (t) => {
  const root = await kitchen(t.testdir(), {
    'cookbooks/a/metadata.rb': "name 'a'\n",
    'test/integration/default/data_bags/users/x.json': '{}',
    'test/integration/data_bags/users/y.json': '{}',
    'test/integration/roles/web.json': '{"name":"web","run_list":["recipe[a::nope]"]}',
    'environments/dev.json': '{}',
    'test/integration/encrypted_data_bag_secret_key': 'hush\n',
  });
  const { data } = await prepare(root, {});
  t.same(
    data.dirs.data_bags.map((file) => file.path),
    ['users/x.json'],
  );
  t.same(
    data.dirs.environments.map((file) => file.path),
    ['dev.json'],
  );
  t.match(data.secret, { path: 'encrypted_data_bag_secret', mode: 0o600 });
  const error = await errorOf(prepare(root, { run_list: ['role[web]'] }));
  t.match(error, {
    code: 'chef.missing_recipe',
    location: { file: join(root, 'test/integration/roles/web.json') },
  });
  t.match(await errorOf(prepare(root, { roles_path: 'nope' })), { settingsPath: ['roles_path'] });
});

await tap.test('run list errors carry the settings path, and a place can be filled in', async (t) => {
  const root = await kitchen(t.testdir(), { 'cookbooks/a/recipes/default.rb': '' });
  const one = await errorOf(prepare(root, { run_list: ['a', 'a::x'] }));
  t.ok(one instanceof SettingsError);
  t.match((one as SettingsError).at({ file: 'kitchen.yml', line: 7 }), {
    code: 'chef.missing_recipe',
    location: { file: 'kitchen.yml', line: 7 },
    settingsPath: ['run_list', 1],
    expected: 'one of: default',
  });
  const two = await errorOf(prepare(root, { run_list: ['b', 'a::x'] }));
  t.ok(two instanceof GalleyErrors);
  t.equal((two as GalleyErrors).errors.length, 2);
});

await tap.test('a Berksfile or Policyfile.rb without its tool says what to install', async (t) => {
  const berks = await kitchen(t.testdir({}), { Berksfile: "source 'x'\n" });
  t.match(await errorOf(prepare(berks, {})), {
    code: 'chef.tool_missing',
    kind: 'infrastructure',
    message: /Berksfile needs the program berks/,
    hint: /gem install berkshelf/,
  });
  const policy = await kitchen(join(berks, 'p'), { 'Policyfile.rb': '', Berksfile: '' });
  t.match(await errorOf(prepare(policy, {})), { message: /Policyfile.rb needs the program chef-cli/ });
  t.match(await errorOf(prepare(policy, { policyfile_path: 'x.rb' })), { settingsPath: ['policyfile_path'] });
});

await tap.test('a tool that fails shows its last lines', async (t) => {
  const root = await kitchen(t.testdir(), {
    Berksfile: '',
    'bin/berks': '#!/bin/sh\necho no such source >&2\nexit 3\n',
  });
  await chmod(join(root, 'bin/berks'), 0o755);
  const error = await errorOf(prepare(root, {}, provisioningHost({ PATH: join(root, 'bin') })));
  t.match(error, {
    code: 'chef.tool_failed',
    details: ['no such source'],
    message: /ended with exit code 3/,
  });
});

/** A stand-in for a tool of the workstation that notes each call in `calls`. */
function noting(root: string, work: string): string {
  return `#!/bin/sh\necho "$@" >> ${root}/calls\n${work}`;
}

await tap.test(
  'trap: cookbooks are resolved for each instance there, one after the other; here once for all of a run',
  async (t) => {
    const root = t.testdir();
    await kitchen(root, {
      Berksfile: '',
      'bin/berks': noting(root, 'mkdir -p "$2/a/recipes" && echo "name \'a\'" > "$2/a/metadata.rb"\n'),
    });
    await chmod(join(root, 'bin/berks'), 0o755);
    const host = provisioningHost({ PATH: `${join(root, 'bin')}:/usr/bin:/bin` });
    const one = contextOf(root, config.parse({}));
    const other = contextOf(root, config.parse({ attributes: { b: 1 } }));
    const two = { ...other, once: <T>(key: string, make: () => Promise<T>) => one.once(key, make) };
    const [first, second] = await Promise.all([prepareChef(one, host), prepareChef(two, host)]);
    t.equal(first.cookbooks.cookbooks[0]?.name, 'a');
    t.strictSame(first.cookbooks.cookbooks, second.cookbooks.cookbooks);
    t.equal((await readFile(join(root, 'calls'), 'utf8')).trim().split('\n').length, 1);
  },
);

await tap.test(
  'trap: always_update_cookbooks rewrites the lock file at each converge there; here a lock is kept',
  async (t) => {
    const root = t.testdir();
    await kitchen(root, {
      'Policyfile.rb': '',
      'Policyfile.lock.json': '{"name": "p"}',
      'bin/chef-cli': noting(
        root,
        '[ "$1" = export ] || exit 1\nmkdir -p "$3/policies" && cp Policyfile.lock.json "$3/policies/p.json"\nmkdir "$3/cookbook_artifacts"\n',
      ),
    });
    await chmod(join(root, 'bin/chef-cli'), 0o755);
    const host = provisioningHost({ PATH: `${join(root, 'bin')}:/usr/bin:/bin` });
    const prepared = await prepare(root, { always_update_cookbooks: true }, host);
    t.equal(prepared.cookbooks.policy?.name, 'p');
    const calls = (await readFile(join(root, 'calls'), 'utf8')).trim().split('\n');
    t.match(calls, [/^export /]);
    t.equal(calls.length, 1, 'no install, no update');
  },
);

await tap.test('unknown settings are refused, those of other tools accepted', async (t) => {
  t.notOk(config.safeParse({ run_lst: [] }).success);
  t.ok(
    config.safeParse({
      product_name: 'chef',
      clean_dokken_sandbox: true,
      named_run_list: {},
      attributes: null,
    }).success,
  );
  t.notOk(config.safeParse({ root_path: 'relative' }).success);
});
