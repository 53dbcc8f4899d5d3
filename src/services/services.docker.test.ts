import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import tap from 'tap';
import { testContext } from '../../test/contract/context.ts';
import { host } from '../../test/host.ts';
import type { ServiceSpec } from '../core/service.ts';
import type { ServiceState } from '../core/service-host.ts';
import { connectEngine } from '../docker/connect.ts';
import { execInContainer } from '../docker/exec.ts';
import { createServices } from './index.ts';

const engine = await connectEngine(process.env);
const services = createServices(host);
const project = `galley-test-services-${process.pid}`;

await engine.docker.createNetwork({ Name: project, Labels: { 'galley-test': project } });
const network = { kind: 'docker', name: project, engine: engine.address } as const;
const ctx = testContext({}, { project, instance: 'app' });
const states: Record<string, ServiceState> = {};
const record = async (service: string, state: ServiceState) => {
  states[service] = state;
};
const start = (specs: Record<string, ServiceSpec>) => services.start(ctx, network, specs, states, record);
const spec = (given: Partial<ServiceSpec>): ServiceSpec => ({
  image: 'galley/debian-12',
  environment: {},
  ports: [],
  command: undefined,
  wait: undefined,
  timeout: 300,
  url: undefined,
  ...given,
});
const idOf = async (service: string) =>
  (await engine.docker.getContainer(states[service]?.containerName ?? '').inspect()).Id;

tap.teardown(async () => {
  await services.destroy(ctx, states);
  await engine.docker.getNetwork(project).remove();
});

const db = spec({
  image: 'postgres',
  environment: { POSTGRES_PASSWORD: 'a b$c', POSTGRES_DB: 'app' },
  ports: [5432],
});

await tap.test('PostgreSQL takes connections by name when start resolves, and is reused', async (t) => {
  const began = performance.now();
  await start({ db });
  t.comment(`postgres ready after ${Math.round(performance.now() - began)} ms`);
  const url = 'postgresql://postgres:a%20b%24c@db:5432/app';
  const query = await execInContainer(engine, await idOf('db'), {
    argv: ['psql', '-Atc', 'select 6 * 7', url],
    name: 'db',
  });
  t.match(query, { exitCode: 0, stdout: '42\n' });
  const found = await engine.docker.getContainer(states['db']?.containerName ?? '').inspect();
  t.same(Object.keys(found.NetworkSettings.Networks), [project], 'it is on no other network');
  t.same(Object.values(found.NetworkSettings.Ports).filter(Boolean), [], 'nothing is published');
  t.match(found.Config.Labels, {
    'galley.project': project,
    'galley.instance': 'app',
    'galley.kind': 'service',
  });
  await start({ db });
  t.equal(await idOf('db'), found.Id, 'the same container');
  await start({ db: { ...db, environment: { ...db.environment, POSTGRES_DB: 'other' } } });
  t.not(await idOf('db'), found.Id, 'other settings make it anew');
});

const late = (then: string) => ['sh', '-c', `sleep 0.5; ${then}\nexec sleep infinity`];

await tap.test('every kind of wait', async (t) => {
  const server = `perl -MIO::Socket::INET -e '$SIG{PIPE}=q(IGNORE);$s=IO::Socket::INET->new(LocalPort=>8080,Listen=>5,ReuseAddr=>1);while($c=$s->accept){$c->recv($_,999);print $c "HTTP/1.0 204 x\\r\\n\\r\\n";close $c}' &`;
  const http = { path: '/', port: 8080, status: 204 };
  await start({
    log: spec({ command: late('echo ready'), wait: { log: 'ready' } }),
    command: spec({ command: late('touch /made'), wait: { command: 'test -e /made' } }),
    port: spec({ command: late(server), wait: { port: 8080 } }),
    http: spec({ command: late(server), wait: { http } }),
    all: spec({
      command: late('echo one; touch /two'),
      wait: { all: [{ log: 'one' }, { command: 'test -e /two' }] },
    }),
    none: spec({ command: ['sleep', 'infinity'] }),
  });
  const found = await engine.docker.getContainer(states['http']?.containerName ?? '').inspect();
  t.match(
    found.NetworkSettings.Ports,
    { '8080/tcp': [{ HostIp: '127.0.0.1' }] },
    'published on the loopback only',
  );
});

await tap.test('a service that is not ready is told with its log, and kept as evidence', async (t) => {
  const bad = spec({ command: ['sh', '-c', 'echo wrong password; exit 3'], wait: { port: 1 } });
  await t.rejects(start({ bad }), {
    code: 'service.not_ready',
    message: /service bad .* stopped with exit code 3/,
    expected: 'port 1 to listen',
    details: ['wrong password'],
  });
  t.equal(
    (await engine.docker.getContainer(states['bad']?.containerName ?? '').inspect()).State.Status,
    'exited',
  );
  for (const wait of [
    { port: 4711 },
    { log: 'never' },
    { command: 'false' },
    { http: { path: '/', port: 80 } },
  ]) {
    const slow = spec({ command: ['sh', '-c', 'echo still busy; exec sleep infinity'], wait, timeout: 2 });
    await t.rejects(
      start({ slow }),
      { code: 'service.not_ready', details: ['still busy'] },
      JSON.stringify(wait),
    );
  }
  await t.rejects(start({ none: spec({ image: '127.0.0.1:9/galley-test/none:1' }) }), {
    code: 'image.unavailable',
  });
});

await tap.test('destroy removes all, also when they are gone already', async (t) => {
  const began = performance.now();
  await services.destroy(ctx, states);
  t.comment(
    `${Object.keys(states).length} services destroyed in ${Math.round(performance.now() - began)} ms`,
  );
  const filters = { label: [`galley.project=${project}`] };
  t.same(await engine.docker.listContainers({ all: true, filters }), []);
  await services.destroy(ctx, states);
});

await tap.test('the process can end afterwards, and the service lives on', async (t) => {
  const script = `
    const { createServices } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
    const [context, network, specs] = JSON.parse(process.argv[1]);
    const ctx = { ...context, emit() {}, once: (_, make) => make(), signal: new AbortController().signal };
    const out = {};
    await createServices({ env: process.env, cacheDir: process.argv[2] }).start(ctx, network, specs, {}, async (n, s) => { out[n] = s; });
    console.log(JSON.stringify(out));`;
  const { instance, ownership, root } = testContext({}, { project, instance: 'child' });
  const input = JSON.stringify([{ instance, ownership, root, config: {} }, network, { db }]);
  const child = await promisify(execFile)(process.execPath, ['-e', script, input, host.cacheDir], {
    timeout: 300_000,
  });
  t.equal(child.stderr, '');
  const made = JSON.parse(child.stdout) as Record<string, ServiceState>;
  const container = engine.docker.getContainer(made['db']?.containerName ?? '');
  t.equal((await container.inspect()).State.Running, true);
  await services.destroy(ctx, made);
});
