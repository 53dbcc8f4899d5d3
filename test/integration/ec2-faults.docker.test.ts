import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import { API_KITCHEN, type Cell, MAKE, runCell } from '../ec2-cell.ts';
import { ec2Endpoint } from '../ec2-lab.ts';
import { galley, REPO } from '../galley.ts';

const { endpoint, control, left } = await ec2Endpoint(tap, 'galley-test-ec2-cells', { machines: 'none' });

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
    {
      // So that it does not end before it is killed.
      faults: [{ kind: 'error', operation: 'DeleteSecurityGroup', code: 'DependencyViolation' }],
      commands: [MAKE, 'destroy'],
      kill: { during: 1, at: { operation: 'TerminateInstances' } },
    },
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

await tap.test(
  'a machine that nobody gets into is removed by the create itself, unless it is to be kept',
  async (t) => {
    const cwd = join(REPO, '.galley', 'test', `ec2-in-vain-${process.pid}`);
    await mkdir(cwd, { recursive: true });
    t.teardown(() => rm(cwd, { recursive: true, force: true }));
    await writeFile(join(cwd, 'kitchen.yml'), API_KITCHEN);
    const { env } = endpoint;
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await galley(args, { cwd, env });
      return { code, output: stdout + stderr };
    };
    const created = await run('create');
    t.equal(created.code, 3, created.output);
    t.match(created.output, /ssh\.no_such_host|has no address/);
    t.same(await left(), [], created.output);
    t.match((await run('list')).output, /not created +ssh\.no_such_host/, 'why that was is still known');
    const again = await run(...MAKE.split(' '));
    t.notMatch(again.output, /what it left is removed/, 'there was nothing');
    t.equal((await left()).length > 0, true, again.output);
    t.match(again.output, /kept: default-debian-12/);
    // A kitchen that cannot be read names no account: its state files do.
    await writeFile(join(cwd, 'kitchen.yml'), 'driver: {name: [ec2\n');
    const gc = await run('gc', '--all', '--project', projectName(cwd));
    t.equal(gc.code, 2, gc.output);
    t.match(gc.output, /only the accounts and regions that its state files name were looked at/);
    t.match(gc.output, /removed +machine +i-[0-9a-f]+ .* ec2 eu-central-1/);
    t.same(await left(), [], gc.output);
    await writeFile(join(cwd, 'kitchen.yml'), API_KITCHEN);
    t.equal((await run('destroy')).code, 0);
    t.same(await left(), []);
  },
);
