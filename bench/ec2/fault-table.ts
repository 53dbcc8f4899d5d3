import type { Fault } from '../../fixtures/ec2/faults/fault.ts';
import { API_KITCHEN, type Cell, MAKE } from '../../test/ec2-cell.ts';

/** One table of the matrix: each fault × each place to be killed at. */
export interface FaultTable {
  readonly title: string;
  /** Whether the instances of its endpoints are containers with sshd. */
  readonly machines: 'containers' | 'none';
  /** The first is that of cells that are not killed. */
  readonly columns: readonly string[];
  readonly rows: readonly FaultRow[];
}

export interface FaultRow {
  readonly name: string;
  /** By column; a column is missing that the row cannot come to. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** How many machines the kitchen asks for; 1 when missing. */
  readonly wanted?: number;
}

export const NOT_KILLED = 'not killed';

const CREATE = [
  'DescribeImages',
  'ImportKeyPair',
  'CreateSecurityGroup',
  'AuthorizeSecurityGroupIngress',
  'RunInstances',
] as const;
const PENDING = 'pending';
const DESTROY = ['TerminateInstances', 'DeleteKeyPair', 'DeleteSecurityGroup'] as const;

type Column = (typeof CREATE)[number] | typeof PENDING | (typeof DESTROY)[number];
const ALL: readonly Column[] = [...CREATE, PENDING, ...DESTROY];
const until = (last: Column): readonly Column[] => ALL.slice(0, ALL.indexOf(last) + 1);

type Faulty = Pick<Cell, 'faults' | 'faultsAfter'> & { readonly kitchen?: string };

function row(name: string, faulty: Faulty, columns: readonly Column[] = ALL): FaultRow {
  const common = { kitchen: API_KITCHEN, ...faulty };
  const cells: Record<string, Cell> = { [NOT_KILLED]: { ...common, commands: [MAKE, 'destroy'] } };
  for (const column of columns) {
    const isDestroy = DESTROY.some((one) => one === column);
    const at =
      column === PENDING ? { operation: 'DescribeInstances', after: 'RunInstances' } : { operation: column };
    cells[column] = {
      ...common,
      commands: isDestroy ? [MAKE, 'destroy'] : [MAKE],
      kill: { during: isDestroy ? 1 : 0, at },
    };
  }
  return { name, cells };
}

const lost = (operation: Column, columns = ALL): FaultRow =>
  row(`lost ${operation}`, { faults: [{ kind: 'lost-response', operation, times: 1 }] }, columns);
const denied = (operation: Column, columns: readonly Column[]): FaultRow =>
  row(`denied ${operation}`, { faults: [{ kind: 'unauthorized', operation }] }, columns);
const faulty = (name: string, fault: Fault, columns = ALL): FaultRow =>
  row(name, { faults: [fault] }, columns);

const SPOT = API_KITCHEN.replace('{name: ec2', '{name: ec2, spot_price: on-demand, spot_wait: 0');

/** What EC2 answers, from the first call of `create` to the last of `destroy`; no machine is needed for it. */
export const API_TABLE: FaultTable = {
  title: 'Create and destroy: killed when EC2 has answered this call',
  machines: 'none',
  columns: [NOT_KILLED, ...ALL],
  rows: [
    row('none', {}),
    ...CREATE.slice(1).map((operation) => lost(operation)),
    ...DESTROY.map((operation) => lost(operation, DESTROY)),
    faulty('throttled for 4 calls', { kind: 'throttled', times: 4 }),
    faulty('throttled RunInstances', { kind: 'throttled', operation: 'RunInstances' }, until('RunInstances')),
    faulty('not visible at first', { kind: 'not-visible', calls: 2, ms: 1500 }),
    faulty('slow pending', { kind: 'slow-pending', ms: 3000 }),
    faulty('terminated while pending', { kind: 'terminated-while-pending' }, until(PENDING)),
    faulty('slow termination', { kind: 'slow-termination', ms: 4000 }),
    faulty(
      'DependencyViolation 3 times',
      { kind: 'error', operation: 'DeleteSecurityGroup', code: 'DependencyViolation', times: 3 },
      DESTROY,
    ),
    faulty('no capacity for one type', { kind: 'no-capacity', instanceType: 't3.micro' }),
    faulty('no capacity', { kind: 'no-capacity' }, until('RunInstances')),
    faulty('quota exceeded', { kind: 'quota' }, until('RunInstances')),
    faulty('no default VPC', { kind: 'no-default-vpc' }, until('CreateSecurityGroup')),
    ...CREATE.slice(1).map((operation) => denied(operation, until(operation))),
    ...DESTROY.map((operation) => denied(operation, DESTROY)),
    faulty('session over', { kind: 'expired-token' }, []),
    row(
      'session over after RunInstances',
      { faults: [{ kind: 'expired-token' }], faultsAfter: 'RunInstances' },
      ['RunInstances', PENDING],
    ),
    faulty('clock 15 minutes off', { kind: 'clock-skew', ms: 900_000 }),
    row('spot taken back at once', {
      faults: [{ kind: 'spot-interruption', afterMs: 0 }],
      kitchen: SPOT,
    }),
    row('no spot capacity', { faults: [{ kind: 'no-capacity', market: 'spot' }], kitchen: SPOT }),
  ],
};
