import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { contextOf, provisioningHost } from '../../../test/provisioning.ts';
import { clientBinary, ownBinary } from './client-binary.ts';
import { ChefInfraSettings } from './settings.ts';
import { createChefSolo } from './solo.ts';

const solo = createChefSolo(provisioningHost());

await tap.test('a chef_solo config of the peer is read unmodified', async (t) => {
  const config = solo.config.parse({
    run_list: ['a'],
    solo_rb: { ssl_verify_mode: ':verify_none' },
    chef_solo_path: '/usr/bin/chef-solo',
    legacy_mode: true,
    require_chef_omnibus: '14',
    multiple_converge: 2,
  });
  t.equal(config.legacy_mode, true);
  t.equal(solo.needsClient(config), true, 'the installer of the peer links it there');
  t.equal(solo.needsClient({ ...config, chef_solo_path: '/opt/mine/bin/chef-solo' }), false);
});

await tap.test('keys of the client that would be without effect are refused by their name', async (t) => {
  t.match(solo.config.safeParse({ client_rb: {} }).error?.message, 'write `solo_rb`');
  t.match(solo.config.safeParse({ chef_client_path: '/x' }).error?.message, 'write `chef_solo_path`');
  t.notOk(solo.config.safeParse({ solo_rbb: {} }).success);
});

await tap.test('solo lies beside the client, in Chef and in Cinc', async (t) => {
  const settings = { ...ChefInfraSettings.parse({}), solo: { legacy: false } };
  const of = (binary: string) => ({ product: 'chef', version: '18', digest: 'd', binary }) as const;
  t.equal(clientBinary(settings, of('/opt/chef/bin/chef-client')), '/opt/chef/bin/chef-solo');
  t.equal(clientBinary(settings, of('/opt/cinc/bin/cinc-client')), '/opt/cinc/bin/cinc-solo');
  t.equal(clientBinary({ ...settings, chef_client_path: '/x/solo' }, undefined), '/x/solo');
  t.throws(() => clientBinary(settings, undefined), { code: 'chef.no_client' });
  t.equal(ownBinary('/opt/chef/bin/chef-solo'), undefined);
});

await tap.test(
  'trap: install_strategy skip makes the client /bin/chef-client there; here it is where the driver put it',
  async (t) => {
    const settings = ChefInfraSettings.parse({ product_name: 'chef', install_strategy: 'skip' });
    const client = {
      product: 'chef',
      version: '18',
      digest: 'd',
      binary: '/opt/chef/bin/chef-client',
    } as const;
    t.equal(clientBinary(settings, client), '/opt/chef/bin/chef-client');
    t.equal(clientBinary({ ...settings, chef_client_path: '/x/client' }, client), '/x/client');
  },
);

await tap.test('legacy mode refuses a Policyfile before anything is resolved', async (t) => {
  const root = t.testdir({ 'Policyfile.rb': '' });
  const prepare = (given: object) => solo.prepare?.(contextOf(root, solo.config.parse(given)));
  await t.rejects(Promise.resolve(prepare({ legacy_mode: true })), {
    code: 'chef.solo_has_no_policy',
    settingsPath: ['legacy_mode'],
  });
  await t.rejects(Promise.resolve(prepare({})), { code: 'chef.tool_missing' });
  await writeFile(join(root, 'metadata.rb'), "name 'a'\n");
  await prepare({ legacy_mode: true, cookbook_paths: ['.'] });
});
