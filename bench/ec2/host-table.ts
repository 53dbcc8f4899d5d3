import type { Fault } from '../../fixtures/ec2/faults/fault.ts';
import { API_KITCHEN, type Cell } from '../../test/ec2-cell.ts';
import { type FaultRow, type FaultTable, NOT_KILLED } from './fault-table.ts';

const CREATE = ['AllocateHosts', 'RunInstances'] as const;
const DESTROY = ['TerminateInstances', 'ReleaseHosts'] as const;
const KITCHEN = API_KITCHEN.replace(
  'instance_type: [t3.micro, t3a.micro]',
  'instance_type: m5.large, tenancy: host, availability_zone: a, allocate_dedicated_host: true',
);

function row(name: string, ...faults: readonly Fault[]): FaultRow {
  const cells: Record<string, Cell> = {
    [NOT_KILLED]: { kitchen: KITCHEN, faults, commands: ['create', 'destroy'] },
  };
  for (const operation of CREATE)
    cells[operation] = {
      kitchen: KITCHEN,
      faults,
      commands: ['create'],
      kill: { during: 0, at: { operation } },
    };
  for (const operation of DESTROY) {
    const kill = { during: 1, at: { operation } };
    cells[operation] = { kitchen: KITCHEN, faults, commands: ['create', 'destroy'], kill };
  }
  return { name, cells };
}

/** Dedicated hosts, which cost more than what is on them. */
export const HOST_TABLE: FaultTable = {
  title: 'Dedicated hosts: killed when EC2 has answered this call',
  machines: 'none',
  columns: [NOT_KILLED, ...CREATE, ...DESTROY],
  rows: [
    row('host'),
    row('host: lost AllocateHosts', { kind: 'lost-response', operation: 'AllocateHosts', times: 1 }),
    row('host: lost ReleaseHosts', { kind: 'lost-response', operation: 'ReleaseHosts', times: 1 }),
    row('host: machine not visible at first', { kind: 'not-visible', calls: 2, ms: 1500 }),
    row('host: no capacity on it', { kind: 'no-capacity' }),
    row('host: slow termination', { kind: 'slow-termination', ms: 4000 }),
  ],
};
