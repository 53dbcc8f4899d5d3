import tap from 'tap';
import { LocalConnection } from '../../../test/local-connection.ts';
import { contextOf, converging } from '../../../test/provisioning.ts';
import { dummyProvisioner } from './index.ts';

const run = (settings: object) =>
  dummyProvisioner.converge(contextOf('/', dummyProvisioner.config.parse(settings)), input());
const input = () => converging(new LocalConnection('/', {}), '').input();

await tap.test('the dummy passes, takes its time, and fails when told to', async (t) => {
  t.match(await run({}), { outcome: 'passed' });
  const slow = await run({ sleep: 0.2 });
  t.ok(slow.clientMs >= 190);
  t.match(await run({ fail: true }), {
    outcome: 'failed',
    error: { code: 'dummy.converge_failed', kind: 'converge' },
  });
  const results = await Promise.all(Array.from({ length: 64 }, () => run({ random_failure: true })));
  t.same(new Set(results.map((one) => one.outcome)), new Set(['passed', 'failed']));
});
