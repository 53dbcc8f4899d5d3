import tap from 'tap';
import { testContext } from '../../test/contract/context.ts';
import { ProxyMachine } from './config.ts';
import { createProxyDriver } from './index.ts';

const driver = createProxyDriver({ env: { HOME: '/home/me' }, cacheDir: '/nowhere' });
const request = { needsClient: false, hostPorts: [] };

await tap.test('a machine that is there is recorded, never made or removed', async (t) => {
  const config = driver.config.parse({
    host: '10.0.0.1',
    username: 'admin',
    ssh_key: '~/.ssh/id',
    sudo: true,
  });
  const ctx = testContext(config, { project: 'p' });
  const made: object[] = [];
  const machine = await driver.create(ctx, request, async (part) => void made.push(part));
  t.same(made, [{ host: '10.0.0.1', port: 22, username: 'admin', keyFile: '/home/me/.ssh/id' }]);
  t.ok(ProxyMachine.safeParse(machine).success);
  t.match(driver.endpoint(machine), { kind: 'ssh', host: '10.0.0.1', port: 22, keyFile: '/home/me/.ssh/id' });
  t.equal(await driver.status(ctx, machine), 'unknown');
  t.equal(await driver.find(ctx), undefined);
  await driver.destroy(ctx, machine);
});

await tap.test('the reset command runs once for each create, and again at destroy', async (t) => {
  const config = driver.config.parse({ host: 'h', reset_command: 'rm -rf /srv/app' });
  const ctx = testContext(config, { project: 'p' });
  const ran: string[] = [];
  let exitCode = 0;
  const connection = {
    execute: async (argv: readonly string[]) => {
      ran.push(argv.at(-1) ?? '');
      return { exitCode, stdout: '', stderr: 'no such folder\n', durationMs: 0, via: 'ssh' };
    },
  } as never;
  const machine = await driver.create(ctx, request, async () => {});
  const prepared = { ...machine, ...(await driver.prepare?.(ctx, machine, connection, request)) };
  await driver.prepare?.(ctx, prepared, connection, request);
  t.same(ran, ['rm -rf /srv/app']);
  await driver.release?.(ctx, prepared, connection);
  t.equal(ran.length, 2);
  exitCode = 1;
  await t.rejects(Promise.resolve(driver.release?.(ctx, prepared, connection)), {
    code: 'proxy.reset_failed',
    details: ['no such folder'],
  });
});

await tap.test('a host is needed, and a url for a client from a url', async (t) => {
  const ctx = testContext(driver.config.parse({}), { project: 'p' });
  await t.rejects(
    driver.create(ctx, request, async () => {}),
    { code: 'proxy.no_host', kind: 'config' },
  );
  t.equal(driver.config.safeParse({ host: 'h', client: { from: 'url' } }).success, false);
  t.equal(driver.config.safeParse({ hots: 'h' }).success, false);
});
