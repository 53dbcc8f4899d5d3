import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import tap from 'tap';
import { connectEngine } from '../../src/docker/connect.ts';
import { listLabelled } from '../../src/docker/resources.ts';
import { testContext } from '../../test/contract/context.ts';
import { host } from '../../test/host.ts';
import { createDockerDriver } from './index.ts';

const driver = createDockerDriver(host);
const engine = await connectEngine(process.env);
const project = 'galley-test-docker-killed';

/**
 * A process that creates an instance and says what it has done so far, a line each. It stands still at the moment that
 * it is killed at: nothing that it asked the engine for is on its way then.
 */
const CHILD = `
const { writeSync } = await import('node:fs');
const { createDockerDriver } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
const [context, host, moment] = JSON.parse(process.argv[1]);
const say = (line) => {
  writeSync(1, line + '\\n');
  if (line === moment) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const driver = createDockerDriver({ ...host, env: process.env });
const emit = (event) => { if (event.type === 'made') say('made ' + event.kind); };
const config = driver.config.parse({ image: 'galley/debian-12' });
const ctx = { ...context, config, emit, once: (_, make) => make(), signal: new AbortController().signal };
await driver.create(ctx, { needsClient: false, hostPorts: [] }, async () => say('recorded'));
say('created');`;

for (const moment of ['recorded', 'made network', 'made container', 'created']) {
  await tap.test(`killed at "${moment}": destroy by labels leaves nothing`, async (t) => {
    const ctx = testContext(driver.config.parse({}), { project, instance: moment.replace(' ', '-') });
    const { instance, ownership, root } = ctx;
    const input = JSON.stringify([{ instance, ownership, root }, { cacheDir: host.cacheDir }, moment]);
    const child = spawn(process.execPath, ['-e', CHILD, input], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.teardown(() => child.kill('SIGKILL'));
    for await (const line of createInterface(child.stdout)) if (line === moment) break;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const label = [`galley.project=${project}`, `galley.instance=${instance.name}`];
    t.comment(
      `left by the kill: ${(await listLabelled(engine, { label })).map((one) => one.kind).join(', ')}`,
    );
    const began = performance.now();
    await driver.destroy(ctx, {});
    t.comment(`destroy took ${Math.round(performance.now() - began)} ms`);
    t.same(await listLabelled(engine, { label }), []);
  });
}
