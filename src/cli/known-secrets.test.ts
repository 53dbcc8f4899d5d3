import tap from 'tap';
import type { InstanceConfig } from '../core/kitchen.ts';
import { knownSecrets } from './known-secrets.ts';

function config(environment: Record<string, string>, attributes: unknown): InstanceConfig {
  const parts = { services: { db: { environment } }, provisioner: { settings: { attributes } } };
  return parts as unknown as InstanceConfig;
}

await tap.test('values are secret by their keys, in services and at any depth of attributes', async (t) => {
  const given = config(
    { POSTGRES_USER: 'app', POSTGRES_PASSWORD: 'pw-of-db' },
    { a: { api_token: 'tok', port: 'x' } },
  );
  t.same(knownSecrets([given]), ['pw-of-db', 'tok']);
});

await tap.test('a password that is also written in the open is none', async (t) => {
  t.same(knownSecrets([config({ POSTGRES_DB: 'shop', POSTGRES_PASSWORD: 'shop' }, undefined)]), []);
});
