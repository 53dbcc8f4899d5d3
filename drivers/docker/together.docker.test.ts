import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import tap from 'tap';
import type { ServiceState } from '../../src/core/service-host.ts';
import { connectEngine } from '../../src/docker/connect.ts';
import { listLabelled } from '../../src/docker/resources.ts';
import { createServices } from '../../src/services/index.ts';
import { createDockerTransport } from '../../src/transports/docker/index.ts';
import { testContext } from '../../test/contract/context.ts';
import { host } from '../../test/host.ts';
import { createDockerDriver } from './index.ts';

const driver = createDockerDriver(host);
const engine = await connectEngine(process.env);

const HTTP_SERVER = `
use IO::Socket::INET; $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1) or die $!;
while ($c = $s->accept) { $c->recv($_, 999); print $c "HTTP/1.0 200 OK\\r\\n\\r\\nhello"; close $c }`;

function networkOf(machine: Parameters<typeof driver.serviceNetwork>[0]) {
  const network = driver.serviceNetwork(machine);
  if (network === undefined) throw new Error('there is no network for services');
  return network;
}

await tap.test(
  'an instance with a Chef client, its database by name, and a port reached from here',
  async (t) => {
    const config = driver.config.parse({ hostname_aliases: ['www'] });
    const ctx = testContext(config, { project: 'galley-test-docker-together', instance: 'app' });
    const states: Record<string, ServiceState> = {};
    t.teardown(() => driver.destroy(ctx, {}));
    const began = performance.now();
    const machine = await driver.create(ctx, { needsClient: true, hostPorts: [8080] }, async () => {});
    t.comment(`create with client ${Math.round(performance.now() - began)} ms`);
    const network = networkOf(machine);
    const db = {
      image: 'postgres',
      environment: { POSTGRES_PASSWORD: 'secret' },
      ports: [5432],
      command: undefined,
      wait: undefined,
      timeout: 300,
      url: undefined,
    };
    await Promise.all([
      driver.waitUntilReady(ctx, machine),
      createServices(host).start(ctx, network, { db }, {}, async (name, state) => {
        states[name] = state;
      }),
    ]);
    t.comment(`with database ${Math.round(performance.now() - began)} ms`);

    await using connection = await createDockerTransport(host).connect(
      { ...ctx, config: {} },
      driver.endpoint(machine),
    );
    const client = driver.client(machine);
    t.match(client, { product: /chef|cinc/, version: /^\d+\./, digest: /^sha256:/, ruby: /^\/opt\// });
    const version = await connection.execute([client?.binary ?? '', '--version']);
    t.match(version, { exitCode: 0, stdout: new RegExp(client?.version ?? 'none') });
    const write = await connection.execute(['touch', `${client?.binary}.x`]);
    t.match(
      write,
      { exitCode: 1, stderr: /Read-only file system/ },
      'the client is shared and cannot be changed',
    );
    const ruby = await connection.execute([client?.ruby ?? '', '-e', 'print 6 * 7'], {
      inspectProcesses: true,
    });
    t.match(ruby, { stdout: '42', via: 'exec' }, 'systemd instances need no sidecar');

    const reach = await connection.execute(['bash', '-c', 'getent hosts db www && : < /dev/tcp/db/5432']);
    t.match(reach, { exitCode: 0 }, 'db answers by its name');
    t.match(
      (await connection.execute(['bash', '-c', ': < /dev/tcp/db/9'])).stderr,
      /refused/,
      'db, but not that port',
    );

    await connection.execute(['systemd-run', '-q', '--unit', 'web', 'perl', '-e', HTTP_SERVER]);
    await connection.execute(['sh', '-c', 'until grep -q :1F90 /proc/net/tcp; do sleep 0.1; done'], {
      timeoutMs: 300_000,
    });
    const address = driver.address(machine, 8080);
    const answer = await new Promise<string>((resolve, reject) => {
      get({ ...address, path: '/' }, (response) => resolve(text(response))).on('error', reject);
    });
    t.equal(answer, 'hello', 'the published port leads to it');

    const gone = performance.now();
    await createServices(host).destroy(ctx, states);
    await driver.destroy(ctx, machine);
    t.comment(`destroy of instance and database ${Math.round(performance.now() - gone)} ms`);
    const label = ['galley.project=galley-test-docker-together'];
    t.same(await listLabelled(engine, { label }), []);
    const made = ctx.events.flatMap((event) => (event.type === 'made' ? [event.name] : [])).toSorted();
    const removed = ctx.events.flatMap((event) => (event.type === 'removed' ? [event.name] : [])).toSorted();
    t.same(removed, made, 'what was made is what was removed');
  },
);

await tap.test('labels alone lead to services as well', async (t) => {
  const config = driver.config.parse({ image: 'galley/debian-12', init: 'none' });
  const ctx = testContext(config, { project: 'galley-test-docker-together', instance: 'lost' });
  t.teardown(() => driver.destroy(ctx, {}));
  const machine = await driver.create(ctx, { needsClient: false, hostPorts: [] }, async () => {});
  const network = networkOf(machine);
  const idle = {
    image: 'galley/debian-12',
    environment: {},
    ports: [],
    command: ['sleep', 'infinity'],
    wait: undefined,
    timeout: 300,
    url: undefined,
  };
  await createServices(host).start(ctx, network, { idle }, {}, async () => {});
  await driver.destroy(ctx, {});
  t.same(await listLabelled(engine, { label: ['galley.project=galley-test-docker-together'] }), []);
});
