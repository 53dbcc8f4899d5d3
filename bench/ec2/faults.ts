// The fault matrix of the EC2 driver: each fault × each place to be killed at, then `gc`. Ends with 1 when anything was
// left or made twice. `npm run ec2:faults [-- FAULT …]`.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { controlOf } from '../../fixtures/ec2/control-client.ts';
import { startEndpoint } from '../../fixtures/ec2/endpoint.ts';
import type { Fault } from '../../fixtures/ec2/faults/fault.ts';
import { type Kill, runCell } from '../../test/ec2-cell.ts';

const FAULTS: Readonly<Record<string, Fault | undefined>> = {
  none: undefined,
  'lost RunInstances': { kind: 'lost-response', operation: 'RunInstances', times: 1 },
  'lost CreateSecurityGroup': { kind: 'lost-response', operation: 'CreateSecurityGroup', times: 1 },
  'lost ImportKeyPair': { kind: 'lost-response', operation: 'ImportKeyPair', times: 1 },
  throttled: { kind: 'throttled', times: 4 },
  'not visible': { kind: 'not-visible', calls: 2, ms: 1500 },
  'terminated while pending': { kind: 'terminated-while-pending' },
  'slow pending': { kind: 'slow-pending', ms: 3000 },
  'slow termination': { kind: 'slow-termination', ms: 3000 },
  'no capacity': { kind: 'no-capacity', instanceType: 't3.micro' },
  'RunInstances denied': { kind: 'unauthorized', operation: 'RunInstances' },
  'clock skew': { kind: 'clock-skew', ms: 900_000 },
};

const KILLS: Readonly<Record<string, Kill | undefined>> = {
  'not killed': undefined,
  ...Object.fromEntries(
    [
      'DescribeImages',
      'ImportKeyPair',
      'CreateSecurityGroup',
      'AuthorizeSecurityGroupIngress',
      'RunInstances',
      'DescribeInstances',
    ].map((operation) => [operation, { during: 'create', operation } as const]),
  ),
  ...Object.fromEntries(
    ['TerminateInstances', 'DeleteKeyPair', 'DeleteSecurityGroup'].map((operation) => [
      operation,
      { during: 'destroy', operation } as const,
    ]),
  ),
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const wanted = process.argv.slice(2);
const faults = Object.entries(FAULTS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const endpoint = await startEndpoint({
  env: process.env,
  cacheDir: process.env['GALLEY_CACHE'] ?? join(homedir(), '.cache', 'galley'),
  name: `galley-test-ec2-faults-${process.pid}`,
  machines: 'none',
});
let left = 0;
let doubles = 0;
let kills = 0;
try {
  const control = controlOf(endpoint.url);
  print(
    `Each cell: resources left after gc / machines made twice; * the process had ended before it was killed.\n`,
  );
  print(`| fault | ${Object.keys(KILLS).join(' | ')} |`);
  print(`|---|${'---|'.repeat(Object.keys(KILLS).length)}`);
  for (const [name, fault] of faults) {
    const cells: string[] = [];
    for (const kill of Object.values(KILLS)) {
      const cell = await runCell(endpoint, control, fault, kill);
      left += cell.left.length;
      doubles += cell.doubles;
      kills += cell.wasKilled ? 1 : 0;
      cells.push(`${cell.left.length}/${cell.doubles}${kill && !cell.wasKilled ? '*' : ''}`);
      if (cell.left.length + cell.doubles > 0 || cell.codes.some((code) => code !== 0))
        process.stderr.write(`${name}, ${JSON.stringify(kill)}: ${JSON.stringify(cell, null, 1)}\n`);
    }
    print(`| ${name} | ${cells.join(' | ')} |`);
  }
  print(`\n${kills} kills; resources left: ${left}; double creations: ${doubles}`);
} finally {
  await endpoint.close();
}
process.exitCode = left + doubles > 0 ? 1 : 0;
