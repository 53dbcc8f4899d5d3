import tap from 'tap';
import type { ServiceSpec } from '../core/service.ts';
import { serviceHash } from './config-hash.ts';
import { defaultWait, describeWait, isPostgres } from './default-wait.ts';

const spec = (given: Partial<ServiceSpec>): ServiceSpec => ({
  image: 'x',
  environment: {},
  ports: [],
  command: undefined,
  wait: undefined,
  timeout: 60,
  url: undefined,
  ...given,
});
const plain = { hasHealthCheck: false, exposedPorts: [] };

await tap.test('what is waited for when the config does not say', async (t) => {
  t.same(defaultWait(spec({ ports: [80] }), plain), { port: 80 });
  t.same(defaultWait(spec({ ports: [80, 81] }), plain), { all: [{ port: 80 }, { port: 81 }] });
  t.same(defaultWait(spec({}), { ...plain, exposedPorts: [6379] }), { port: 6379 });
  t.same(defaultWait(spec({ ports: [80] }), { ...plain, hasHealthCheck: true }), { health: true });
  t.equal(defaultWait(spec({}), plain), undefined);
  t.match(defaultWait(spec({ image: 'postgres:16', ports: [5432] }), plain), {
    all: [{ port: 5432 }, { command: /pg_isready.* -p 5432$/ }],
  });
});

await tap.test('PostgreSQL by its image', async (t) => {
  for (const image of ['postgres', 'postgres:16-alpine', 'galley/postgres', 'reg:5000/x/postgres@sha256:1']) {
    t.equal(isPostgres(image), true, image);
  }
  for (const image of ['postgrest', 'postgres-exporter:1', 'postgres/tool'])
    t.equal(isPostgres(image), false, image);
});

await tap.test('waits in words', async (t) => {
  const http = { path: '/up', port: 80 };
  t.equal(
    describeWait({ all: [{ log: 'ready', times: 2 }, { http }, { command: 'x' }] }),
    '"ready" in its log 2 times and HTTP 2xx of port 80 /up and `x` to succeed',
  );
});

const of = (given: Partial<ServiceSpec>, image = 'i', network = 'n') =>
  serviceHash(spec(given), image, network);

await tap.test('the hash changes with what the container is made of, and with nothing else', async (t) => {
  t.equal(of({ environment: { a: '1', b: '2' } }), of({ environment: { b: '2', a: '1' } }));
  t.equal(of({ timeout: 1, wait: { port: 1 }, url: 'u' }), of({}));
  const all = [
    of({}),
    of({ ports: [1] }),
    of({ command: [] }),
    of({ environment: { a: '1' } }),
    of({}, 'j'),
    of({}, 'i', 'm'),
  ];
  t.equal(new Set(all).size, all.length);
});
