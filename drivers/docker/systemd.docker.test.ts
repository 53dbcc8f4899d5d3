import { createServer } from 'node:net';
import tap from 'tap';
import type { GalleyError } from '../../src/core/errors.ts';
import { connectEngine } from '../../src/docker/connect.ts';
import { filterFor } from '../../src/docker/labels.ts';
import { listLabelled } from '../../src/docker/resources.ts';
import { createDockerTransport } from '../../src/transports/docker/index.ts';
import { testContext } from '../../test/contract/context.ts';
import { host } from '../../test/host.ts';
import { createDockerDriver } from './index.ts';

const driver = createDockerDriver(host);
const transport = createDockerTransport(host);
const project = 'galley-test-docker-systemd';

const contextOf = (instance: string, platform: string, config: object = {}) =>
  testContext(driver.config.parse(config), { project, instance, platform });

const ms = (from: number, to: number) => `${Math.round(to - from)} ms`;

for (const release of ['11', '12', '13']) {
  await tap.test(
    `trap: dokken does not wait for systemd; here debian-${release} has booted, without --privileged`,
    async (t) => {
      const ctx = contextOf(`boot-${release}`, `debian-${release}`);
      t.teardown(() => driver.destroy(ctx, {}));
      const started = performance.now();
      const machine = await driver.create(ctx, { needsClient: false, hostPorts: [8080] }, async () => {});
      const created = performance.now();
      await driver.waitUntilReady(ctx, machine);
      const ready = performance.now();
      t.equal(machine.init, 'systemd');
      t.notOk(
        ctx.events.some((event) => event.type === 'notice' && event.level === 'warning'),
        'no unit failed',
      );
      await using connection = await transport.connect({ ...ctx, config: {} }, driver.endpoint(machine));
      const sh = (script: string) => connection.execute(['sh', '-c', script]);
      t.match(await sh('systemctl is-system-running; cat /proc/1/comm'), { stdout: 'running\nsystemd\n' });
      for (const property of [
        'PrivateTmp=yes',
        'ProtectSystem=strict',
        'DynamicUser=yes',
        'PrivateDevices=yes',
      ]) {
        t.match(await sh(`systemd-run -q --wait -p ${property} true`), { exitCode: 0 }, property);
      }
      const cgroups = await sh(
        'systemd-run -q --wait --unit where -p Type=oneshot sh -c "cat /proc/self/cgroup > /where"; cat /where',
      );
      t.match(cgroups.stdout, /:\/system\.slice\/where\.service$/m, 'units are in a cgroup of their own');
      t.same(driver.address(machine, 8080)?.host, '127.0.0.1');
      t.ok((driver.address(machine, 8080)?.port ?? 0) > 0);
      t.equal(driver.address(machine, 9), undefined);
      const before = performance.now();
      await driver.destroy(ctx, machine);
      const gone = performance.now();
      t.comment(`create ${ms(started, created)}, ready ${ms(created, ready)}, destroy ${ms(before, gone)}`);
    },
  );
}

await tap.test('a failed unit is a warning with its name', async (t) => {
  const ctx = contextOf('degraded', 'debian-12', {
    intermediate_instructions: [
      `RUN printf '[Service]\\nType=oneshot\\nExecStart=/bin/false\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/broken.service && systemctl enable broken`,
    ],
  });
  t.teardown(() => driver.destroy(ctx, {}));
  const machine = await driver.create(ctx, { needsClient: false, hostPorts: [] }, async () => {});
  await driver.waitUntilReady(ctx, machine);
  const warnings = ctx.events.filter((event) => event.type === 'notice' && event.level === 'warning');
  t.match(warnings, [{ message: /broken\.service/ }]);
  await driver.destroy(ctx, machine);
  const engine = await connectEngine(process.env);
  await engine.docker.getImage(machine.image.id).remove();
});

await tap.test(
  'a container that ends at once is an error with its exit code and its last words',
  async (t) => {
    const ctx = contextOf('ends', 'debian-12', {
      image: 'galley/debian-12',
      pid_one_command: `sh -c 'echo "no such luck" >&2; exit 42'`,
    });
    t.teardown(() => driver.destroy(ctx, {}));
    const machine = await driver.create(ctx, { needsClient: false, hostPorts: [] }, async () => {});
    const error = await driver.waitUntilReady(ctx, machine).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    t.match(error, { code: 'docker.container_gone', message: /exit code 42/, details: ['no such luck'] });
  },
);

/** Creates in vain; fails as well when that left anything behind. */
async function failureOf(instance: string, config: object): Promise<unknown> {
  const ctx = contextOf(instance, 'debian-12', { image: 'galley/debian-12', ...config });
  const failure: unknown = await driver
    .create(ctx, { needsClient: false, hostPorts: [] }, async () => {})
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  const engine = await connectEngine(process.env);
  const left = await listLabelled(engine, filterFor({ project, instance }));
  await driver.destroy(ctx, {});
  if (left.length > 0) throw new Error(`left behind: ${left.map((one) => one.name).join(', ')}`);
  return failure;
}

await tap.test('what the engine refuses is told in words that name the option', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  t.match(await failureOf('port', { publish: [`${port}:80`] }), { code: 'docker.port_in_use' });
  server.close();
  t.match(await failureOf('cap', { cap_add: ['NO_SUCH'] }), {
    code: 'docker.unknown_capability',
    kind: 'config',
  });
  t.match(await failureOf('net', { network_mode: 'galley-test-none' }), { code: 'docker.no_such_network' });
  t.match(await failureOf('cmd', { init: 'none', entrypoint: ['/no/such'] }), {
    code: 'docker.start_failed',
  });
  const image = { image: '127.0.0.1:9/galley-test/none:1' };
  t.match(await failureOf('image', image), { code: 'image.unavailable', message: /galley-test\/none/ });
});

await tap.test('capabilities that the engine does not have itself', async (t) => {
  const ctx = contextOf('all-caps', 'debian-12', { image: 'galley/debian-12', privileged: true });
  t.teardown(() => driver.destroy(ctx, {}));
  const outcome = await driver
    .create(ctx, { needsClient: false, hostPorts: [] }, async () => {})
    .then(
      () => ({ code: 'granted' }),
      (thrown: unknown) => thrown as GalleyError,
    );
  // Where the engine runs with all capabilities, as on most machines, --privileged works.
  t.ok(['granted', 'docker.capability_not_grantable'].includes(outcome.code), outcome.code);
});
