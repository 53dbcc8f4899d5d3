import tap from 'tap';
import type { InstanceConfig } from '../core/kitchen.ts';
import { knownSecrets } from './known-secrets.ts';

function config(
  environment: Record<string, string>,
  attributes: unknown,
  settings: { readonly driver?: object; readonly provisioner?: object; readonly verifier?: object } = {},
): InstanceConfig {
  const parts = {
    services: { db: { environment } },
    provisioner: { settings: { attributes, ...settings.provisioner } },
    driver: { settings: { ...settings.driver } },
    transport: { settings: {} },
    verifier: { settings: { ...settings.verifier } },
    lifecycle: {},
  };
  return parts as unknown as InstanceConfig;
}

await tap.test('values are secret by their keys, in services and at any depth of attributes', async (t) => {
  const given = config(
    { POSTGRES_USER: 'app', POSTGRES_PASSWORD: 'pw-of-db' },
    { a: { api_token: 'tok', port: 'x' } },
  );
  t.same(knownSecrets([given]), ['pw-of-db', 'tok']);
});

await tap.test('what an instance starts from may be made in its run, so its secrets count', async (t) => {
  const base = { config: config({ POSTGRES_PASSWORD: 'pw-of-base' }, undefined) };
  t.same(knownSecrets([config({}, { token: 'tok' })], new Map([['base', base]])), ['tok', 'pw-of-base']);
});

await tap.test('a password that is also written in the open is none', async (t) => {
  t.same(knownSecrets([config({ POSTGRES_DB: 'shop', POSTGRES_PASSWORD: 'shop' }, undefined)]), []);
});

await tap.test(
  'passwords in URLs and in the settings of plugins are secret, paths of keys are not',
  async (t) => {
    const given = config(
      {},
      { database_url: 'postgres://app:p%40ss-word@db:5432/app', cache: 'redis://shared:shared@r/0' },
      {
        driver: { env: { API_TOKEN: 'tok-123456', LANG: 'C' }, ssh_key: '~/.ssh/id_ed25519' },
        verifier: {
          checks: [
            { env: { of: { process: 'uwsgi' }, key: 'DATABASE_URL' } },
            { env: { of: 'x', key: 'API_KEY' } },
          ],
        },
        provisioner: { encrypted_data_bag_secret_key_path: 'secret/key', winrm: { password: 'w1nrm-pw' } },
      },
    );
    t.same(
      [...knownSecrets([given])].toSorted((a, b) => (a < b ? -1 : 1)),
      ['p%40ss-word', 'p@ss-word', 'tok-123456', 'w1nrm-pw'],
    );
  },
);

await tap.test(
  'the name of a variable that a check asks for is shown, variables of a command are not',
  async (t) => {
    const checks = [
      { env: { of: { unit: 'app.service' }, key: 'APP_VERSION' }, value: '2.0' },
      { command: 'deploy', env: { API_TOKEN: 'tok-98765' } },
    ];
    t.same(knownSecrets([config({}, {}, { verifier: { checks } })]), ['tok-98765']);
  },
);
