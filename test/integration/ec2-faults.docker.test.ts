import tap from 'tap';
import { API_KITCHEN, type Cell, runCell } from '../ec2-cell.ts';
import { ec2Endpoint } from '../ec2-lab.ts';

tap.setTimeout(240_000);
const { endpoint, control } = await ec2Endpoint(tap, 'galley-test-ec2-cells', { machines: 'none' });

/** Some of the cells of `npm run ec2:faults`. */
const CELLS: readonly (readonly [string, Omit<Cell, 'kitchen'>])[] = [
  [
    'killed while a machine is asked for',
    { commands: ['create'], kill: { during: 0, at: { operation: 'RunInstances' } } },
  ],
  [
    'the answer to RunInstances is lost',
    {
      faults: [{ kind: 'lost-response', operation: 'RunInstances', times: 1 }],
      commands: ['create', 'destroy'],
    },
  ],
  [
    'killed while a machine is asked for that EC2 shows late',
    {
      faults: [{ kind: 'not-visible', calls: 2, ms: 1500 }],
      commands: ['create'],
      kill: { during: 0, at: { operation: 'RunInstances' } },
    },
  ],
  [
    'killed in the middle of destroy',
    { commands: ['create', 'destroy'], kill: { during: 1, at: { operation: 'TerminateInstances' } } },
  ],
];

for (const [title, given] of CELLS) {
  await tap.test(`${title}: gc leaves nothing, nothing was made twice`, async (t) => {
    const cell = await runCell(endpoint, control, { kitchen: API_KITCHEN, ...given });
    t.same(cell.left, [], cell.output);
    t.equal(cell.doubles, 0);
    t.equal(cell.wasKilled, given.kill !== undefined);
    t.same(cell.codes, [0, 0], cell.output);
  });
}
