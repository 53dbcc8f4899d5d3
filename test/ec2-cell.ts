import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointControl, Happening } from '../fixtures/ec2/control-client.ts';
import type { LocalEndpoint } from '../fixtures/ec2/endpoint.ts';
import type { Fault } from '../fixtures/ec2/faults/fault.ts';
import { projectName } from '../src/config/load.ts';
import { type Moment, momentComes } from './ec2-moment.ts';
import { galley } from './galley.ts';

/** Something that befalls a command, by its index in `commands`; without `at` before it is started. */
interface Event {
  readonly during: number;
  readonly at?: Moment;
}

/** One cell of the fault matrix. */
export interface Cell {
  readonly kitchen: string;
  readonly faults?: readonly Fault[];
  /** The faults begin when this operation was answered; before everything when missing. */
  readonly faultsAfter?: string;
  /** One after the other, each as long as none was killed. */
  readonly commands: readonly string[];
  readonly happening?: Event & { readonly what: Happening };
  /** With SIGKILL. */
  readonly kill?: Event & { readonly at: Moment };
}

export interface CellResult {
  /** Resources in the account after `gc`, as `kind id`. */
  readonly left: readonly string[];
  /** Machines that were made beside those that were wanted. */
  readonly doubles: number;
  readonly wasKilled: boolean;
  /** Exit code of the first command that failed and the code of its error; 0 when none did or one was killed. */
  readonly ended: string;
  /** Exit codes of `gc` and of the `destroy` after it. */
  readonly codes: readonly (number | null)[];
  readonly output: string;
}

/** The machine's id is no name of a host, so nothing is ever connected to. */
export const API_KITCHEN = `driver: {name: ec2, interface: id, instance_type: [t3.micro, t3a.micro], retryable_tries: 2, retry_limit: 5}
provisioner: {name: dummy}
transport: {name: ssh, max_wait_until_ready: 1}
platforms: [{name: debian-12}]
suites: [{name: default, verifier: {checks: [{file: /}]}}]
`;
/** Makes the machine of `API_KITCHEN` and keeps it, although nobody gets into it: `create` would remove it at once. */
export const MAKE = 'test --destroy=never';
const LATER_MS = 2000;

/**
 * The commands of a cell while the endpoint has its faults, one of them killed or not; then `gc`, two seconds later and
 * without the faults, and a `destroy` by the state that is left. The endpoint's account must be nobody else's meanwhile.
 * `wanted`: how many machines the kitchen asks for.
 */
export async function runCell(endpoint: LocalEndpoint, control: EndpointControl, cell: Cell, wanted = 1) {
  const cwd = await mkdtemp(join(tmpdir(), 'galley-ec2-cell-'));
  try {
    return await runIn(cwd, endpoint, control, cell, wanted);
  } finally {
    await rm(cwd, { recursive: true });
  }
}

async function runIn(
  cwd: string,
  endpoint: LocalEndpoint,
  control: EndpointControl,
  cell: Cell,
  wanted: number,
): Promise<CellResult> {
  await writeFile(join(cwd, 'kitchen.yml'), cell.kitchen);
  const before = new Set((await control.instances()).map((one) => one.id));
  await control.setFaults(...(cell.faultsAfter === undefined ? (cell.faults ?? []) : []));
  const outputs: string[] = [];
  let wasKilled = false;
  let ended = '0';
  for (const [index, command] of cell.commands.entries()) {
    const result = await runCommand(cwd, endpoint, control, cell, index, command);
    outputs.push(`$ galley ${command}\n${result.output}`);
    wasKilled = result.wasKilled;
    if (wasKilled) break;
    if (result.code !== 0 && ended === '0') ended = `${result.code} ${await errorCode(cwd)}`.trim();
  }
  await control.setFaults();
  await sleep(LATER_MS);
  const made = (await control.instances()).filter((one) => !before.has(one.id));
  const gc = await galley(['gc', '--all', '--project', projectName(cwd)], { cwd, env: endpoint.env });
  const left = await control.left();
  const again = await galley(['destroy'], { cwd, env: endpoint.env });
  return {
    left: Object.entries(left).flatMap(([kind, ids]) =>
      (ids as readonly string[]).map((id) => `${kind} ${id}`),
    ),
    doubles: Math.max(0, made.length - wanted),
    wasKilled,
    ended,
    codes: [gc.code, again.code],
    output: [...outputs, '$ galley gc', gc.stdout, gc.stderr, again.stdout, again.stderr].join('\n'),
  };
}

async function runCommand(
  cwd: string,
  endpoint: LocalEndpoint,
  control: EndpointControl,
  { faults = [], faultsAfter, happening, kill }: Cell,
  index: number,
  command: string,
) {
  await control.clearCalls();
  const over = new AbortController();
  const happen = async (): Promise<void> => {
    const machine = (await control.instances()).findLast((one) => one.state === 'running');
    if (happening && machine) await control.happen(machine.id, happening.what);
  };
  if (happening?.during === index && happening.at === undefined) await happen();
  let wasKilled = false;
  let printed = '';
  const befall: Promise<void>[] = [];
  const when = (moment: Moment | undefined, act: () => unknown): void => {
    if (!moment) return;
    const comes = momentComes(moment, control, () => printed, over.signal);
    befall.push(
      comes.then(async (hasCome) => {
        if (hasCome) await act();
      }),
    );
  };
  const { code, stdout, stderr } = await galley(command.split(' '), {
    cwd,
    env: endpoint.env,
    onStart(child) {
      child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      child.once('exit', () => over.abort());
      if (faultsAfter !== undefined && index === 0)
        when({ operation: faultsAfter }, () => control.setFaults(...faults));
      if (happening?.during === index) when(happening.at, happen);
      if (kill?.during === index) when(kill.at, () => (wasKilled = child.kill('SIGKILL')));
    },
  });
  await Promise.all(befall);
  return { code, wasKilled, output: stdout + stderr };
}

/** Code of the error that ended the last run in the folder, as its log of events has it. */
async function errorCode(cwd: string): Promise<string> {
  const logs = join(cwd, '.galley', 'logs');
  // Names of runs begin with their time.
  const last = (await readdir(logs).catch(() => [])).reduce((a, b) => (a > b ? a : b), '');
  const events = await readFile(join(logs, last, 'events.ndjson'), 'utf8').catch(() => '');
  return /"error":\{"code":"([\w.]+)"/.exec(events)?.[1] ?? '';
}
