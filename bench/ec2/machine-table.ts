import type { Happening } from '../../fixtures/ec2/control-client.ts';
import type { Fault } from '../../fixtures/ec2/faults/fault.ts';
import type { Cell } from '../../test/ec2-cell.ts';
import { type FaultRow, type FaultTable, NOT_KILLED } from './fault-table.ts';

const SSH = 'waiting for sshd';
const COLUMNS = [SSH, 'converge', 'verify', 'destroy'] as const;
type Column = (typeof COLUMNS)[number];
type Phase = 'converge' | 'verify';

interface Kitchen {
  /** Further settings of the driver, as YAML. */
  readonly driver?: string;
  readonly transport?: string;
  /** What the converge does. */
  readonly converge?: string;
}

/** Long enough to be killed in; its converge is to have happened once. */
const PHASE_S = 3;

function kitchen(given: Kitchen, slow: Phase | undefined): string {
  const pause = (phase: Phase): string => (phase === slow ? `; sleep ${PHASE_S}` : '');
  const converge = `${given.converge ?? 'echo done >> /tmp/converged'}${pause('converge')}`;
  return `driver: {name: ec2, interface: public${given.driver ?? ', retryable_tries: 12'}}
transport: ${given.transport ?? '{name: ssh, max_wait_until_ready: 10, connection_retries: 2}'}
provisioner: {name: shell, command: "${converge}"}
platforms: [{name: debian-12}]
suites:
  - name: default
    verifier:
      checks: [{command: "wc -l < /tmp/converged${pause('verify')}", stdout: "1"}]
`;
}

interface Given extends Kitchen {
  readonly faults?: readonly Fault[];
  readonly happens?: { readonly what: Happening; readonly in: Phase | 'between' };
  /** Where it can be killed; everywhere when missing. */
  readonly columns?: readonly Column[];
  /** Nobody gets into the machine, so that the first command removes it. */
  readonly isInVain?: boolean;
}

function row(name: string, given: Given): FaultRow {
  const { faults = [], happens, columns = COLUMNS } = given;
  const commands = happens?.in === 'between' ? ['create', 'verify', 'destroy'] : ['verify', 'destroy'];
  const verify = commands.indexOf('verify');
  const cellOf = (slow: Phase | undefined, kill?: Cell['kill']): Cell => ({
    kitchen: kitchen(given, slow),
    faults,
    commands,
    ...(happens && {
      happening: {
        during: verify,
        what: happens.what,
        ...(happens.in !== 'between' && { at: { phase: happens.in } }),
      },
    }),
    ...(kill && { kill }),
  });
  const phase = happens === undefined || happens.in === 'between' ? undefined : happens.in;
  const cells: Record<string, Cell> = { [NOT_KILLED]: cellOf(phase) };
  for (const column of columns) {
    if (column === SSH) cells[column] = cellOf(phase, { during: 0, at: { machine: 'running' } });
    else if (column === 'destroy') {
      const at = { operation: 'TerminateInstances' };
      cells[column] = cellOf(phase, { during: given.isInVain ? 0 : commands.length - 1, at });
    } else cells[column] = cellOf(column, { during: verify, at: { phase: column } });
  }
  return { name, cells };
}

/** A machine that nobody gets into: not for long. */
const NEVER = { driver: ', retryable_tries: 2', columns: [SSH, 'destroy'], isInVain: true } as const;
const SSM = '{name: ssm, max_wait_until_ready: 30}';
const spot = ', retryable_tries: 12, spot_price: on-demand, spot_wait: 0';
const IN_CONVERGE: readonly Column[] = ['converge', 'destroy'];
const IN_VERIFY: readonly Column[] = ['verify', 'destroy'];

const happensIn = (name: string, what: Happening, more: Given = {}): readonly FaultRow[] => [
  row(`${name} in converge`, { ...more, happens: { what, in: 'converge' }, columns: IN_CONVERGE }),
  row(`${name} in verify`, { ...more, happens: { what, in: 'verify' }, columns: IN_VERIFY }),
];

/** What befalls machines and the way to them, up to the checks; the machines are real ones. */
export const MACHINE_TABLE: FaultTable = {
  title: 'Machines: killed while this goes on',
  machines: 'containers',
  columns: [NOT_KILLED, ...COLUMNS],
  rows: [
    row('none', {}),
    row('lost RunInstances', { faults: [{ kind: 'lost-response', operation: 'RunInstances', times: 1 }] }),
    row('not visible at first', { faults: [{ kind: 'not-visible', calls: 2, ms: 1500 }] }),
    row('throttled for 4 calls', { faults: [{ kind: 'throttled', times: 4 }] }),
    row('slow termination', { faults: [{ kind: 'slow-termination', ms: 4000 }] }),
    row('clock 15 minutes off', { faults: [{ kind: 'clock-skew', ms: 900_000 }] }),
    row('sshd comes late', { faults: [{ kind: 'sshd', is: 'late', ms: 5000 }] }),
    row('sshd refuses', { faults: [{ kind: 'sshd', is: 'off' }], ...NEVER }),
    row('sshd times out', { faults: [{ kind: 'sshd', is: 'unreachable' }], ...NEVER }),
    row('sshd says nothing', { faults: [{ kind: 'sshd', is: 'silent' }], ...NEVER }),
    row('key rejected', { faults: [{ kind: 'key-rejected' }], columns: NEVER.columns, isInVain: true }),
    row('wrong user name', {
      columns: NEVER.columns,
      isInVain: true,
      transport: '{name: ssh, username: nobody, max_wait_until_ready: 10, connection_retries: 2}',
    }),
    row('impaired', { faults: [{ kind: 'impaired' }], ...NEVER, driver: ', status_checks: true' }),
    row('changed address before converge', { happens: { what: 'restart', in: 'between' } }),
    ...happensIn('stopped and started', 'restart'),
    ...happensIn('sshd dies', 'lose-sshd'),
    ...happensIn('terminated by somebody', 'terminate'),
    ...happensIn('spot taken back', 'interrupt', { driver: spot }),
    row('shuts itself down in converge', { converge: 'poweroff; sleep 20', columns: IN_CONVERGE }),
    row('ssm: none', { transport: SSM }),
    row('ssm: lost SendCommand', {
      transport: SSM,
      faults: [{ kind: 'lost-response', operation: 'SendCommand', times: 3 }],
    }),
    row('ssm: throttled for 4 calls', {
      transport: SSM,
      faults: [{ kind: 'throttled', operation: 'SendCommand', times: 4 }],
    }),
    row('ssm: agent absent', {
      transport: '{name: ssm, max_wait_until_ready: 5}',
      faults: [{ kind: 'no-ssm-agent' }],
      columns: [SSH, 'destroy'],
      isInVain: true,
    }),
    ...happensIn('ssm: terminated by somebody', 'terminate', { transport: SSM }),
  ],
};

const FROM = `driver: {name: ec2, interface: public}
transport: {name: ssh}
provisioner: {name: shell, command: "true"}
platforms: [{name: debian-12}]
suites:
  - {name: base, verifier: {checks: [{file: /}]}}
  - {name: web, from: base, verifier: {checks: [{file: /}]}}
`;

function imageRow(name: string, faults: readonly Fault[]): FaultRow {
  const common = { kitchen: FROM, faults };
  const operation = 'CreateImage';
  const at = { operation };
  return {
    name,
    wanted: 2,
    cells: {
      [NOT_KILLED]: { ...common, commands: ['verify', 'destroy'] },
      [operation]: { ...common, commands: ['verify'], kill: { during: 0, at } },
      'second machine': {
        ...common,
        commands: ['verify'],
        kill: { during: 0, at: { operation: 'RunInstances', after: operation } },
      },
      TerminateInstances: {
        ...common,
        commands: ['verify', 'destroy'],
        kill: { during: 1, at: { operation: 'TerminateInstances' } },
      },
    },
  };
}

/** Images of machines, for suites that start from another one. */
export const IMAGE_TABLE: FaultTable = {
  title: 'Images (`from:`): killed when EC2 has answered this call',
  machines: 'containers',
  columns: [NOT_KILLED, 'CreateImage', 'second machine', 'TerminateInstances'],
  rows: [
    imageRow('none', []),
    imageRow('lost CreateImage', [{ kind: 'lost-response', operation: 'CreateImage', times: 1 }]),
    imageRow('throttled for 4 calls', [{ kind: 'throttled', operation: 'CreateImage', times: 4 }]),
    imageRow('denied CreateImage', [{ kind: 'unauthorized', operation: 'CreateImage' }]),
  ],
};
