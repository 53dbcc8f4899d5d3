// One process with hundreds of machines; started by fleet.ts with the endpoint in its environment. Prints one line of JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEc2Driver } from '../../drivers/ec2/index.ts';
import { limiter } from '../../src/core/limiter.ts';
import { testContext } from '../../test/contract/context.ts';

const count = Number(process.argv[2]);
const root = mkdtempSync(join(tmpdir(), 'galley-ec2-fleet-'));
const driver = createEc2Driver({ env: process.env, cacheDir: root });
// Its id is no name of a host, so nothing is ever connected to.
const shared = testContext(driver.config.parse({ interface: 'id' }), { project: 'galley-test-fleet', root });
const contexts = Array.from({ length: count }, (_, at) => ({
  ...shared,
  emit: () => undefined,
  instance: { name: `default-${at}-debian-12`, suite: 'default', platform: 'debian-12' },
}));
const inTurn = limiter(100);
const started = performance.now();
const machines = await Promise.all(
  contexts.map((ctx) =>
    inTurn(() => driver.create(ctx, { needsClient: false, hostPorts: [] }, async () => undefined)),
  ),
);
const created = performance.now();
await Promise.all(contexts.map((ctx, at) => inTurn(() => driver.destroy(ctx, machines[at] ?? {}))));
rmSync(root, { recursive: true });
const seconds = (ms: number): number => Math.round(ms / 100) / 10;
process.stdout.write(
  `${JSON.stringify({
    machines: new Set(machines.map((one) => one.instanceId)).size,
    createSeconds: seconds(created - started),
    destroySeconds: seconds(performance.now() - created),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
