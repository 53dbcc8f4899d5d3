import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tap from 'tap';
import { controlOf } from '../../fixtures/ec2/control-client.ts';
import { startEndpoint } from '../../fixtures/ec2/endpoint.ts';
import { runCell } from '../ec2-cell.ts';

tap.setTimeout(240_000);
const endpoint = await startEndpoint({
  env: process.env,
  cacheDir: join(tmpdir(), 'galley-test-endpoint-cache'),
  name: `galley-test-ec2-cells-${process.pid}`,
  machines: 'none',
});
tap.teardown(() => endpoint.close());
const control = controlOf(endpoint.url);

/** Four of the cells of `npm run ec2:faults`. */
const CELLS = [
  ['killed while a machine is asked for', undefined, { during: 'create', operation: 'RunInstances' }],
  [
    'the answer to RunInstances is lost',
    { kind: 'lost-response', operation: 'RunInstances', times: 1 },
    undefined,
  ],
  [
    'killed while a machine is asked for that EC2 shows late',
    { kind: 'not-visible', calls: 2, ms: 1500 },
    { during: 'create', operation: 'RunInstances' },
  ],
  ['killed in the middle of destroy', undefined, { during: 'destroy', operation: 'TerminateInstances' }],
] as const;

for (const [title, fault, kill] of CELLS) {
  await tap.test(`${title}: gc leaves nothing, nothing was made twice`, async (t) => {
    const cell = await runCell(endpoint, control, fault, kill);
    t.same(cell.left, [], cell.output);
    t.equal(cell.doubles, 0);
    t.equal(cell.wasKilled, kill !== undefined);
    t.same(cell.codes, [0, 0], cell.output);
  });
}
