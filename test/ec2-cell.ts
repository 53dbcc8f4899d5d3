import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointControl } from '../fixtures/ec2/control-client.ts';
import type { LocalEndpoint } from '../fixtures/ec2/endpoint.ts';
import type { Fault } from '../fixtures/ec2/faults/fault.ts';
import { projectName } from '../src/config/load.ts';
import { galley } from './galley.ts';

/** Where a command is killed: as soon as the endpoint has seen this operation of it. */
export interface Kill {
  readonly during: 'create' | 'destroy';
  readonly operation: string;
}

export interface CellResult {
  /** Resources in the account after `gc`, as `kind id`. */
  readonly left: readonly string[];
  /** Machines that were made beside the one that was wanted. */
  readonly doubles: number;
  readonly wasKilled: boolean;
  /** Exit codes of `gc` and of the `destroy` after it. */
  readonly codes: readonly (number | null)[];
  readonly output: string;
}

/** The machine's id is no name of a host, so nothing is ever connected to. */
const KITCHEN = `driver: {name: ec2, interface: id, instance_type: [t3.micro, t3a.micro], retryable_tries: 2}
provisioner: {name: dummy}
transport: {name: ssh, max_wait_until_ready: 1}
platforms: [{name: debian-12}]
suites: [{name: default, verifier: {checks: [{file: /}]}}]
`;
const LATER_MS = 2000;

/**
 * One create (and destroy) of a kitchen while the endpoint has a fault, killed with SIGKILL somewhere or not; then `gc`,
 * two seconds later and without the fault, and a `destroy` by the state that is left. The endpoint's account must be
 * nobody else's meanwhile.
 */
export async function runCell(
  endpoint: LocalEndpoint,
  control: EndpointControl,
  fault: Fault | undefined,
  kill: Kill | undefined,
): Promise<CellResult> {
  const cwd = await mkdtemp(join(tmpdir(), 'galley-ec2-cell-'));
  try {
    await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
    const before = new Set((await control.instances()).map((one) => one.id));
    await control.clearCalls();
    await control.setFaults(...(fault ? [fault] : []));
    const run = (during: Kill['during']) =>
      killed(endpoint, control, cwd, during, kill?.during === during ? kill.operation : undefined);
    const create = await run('create');
    const destroy = kill?.during === 'destroy' ? await run('destroy') : undefined;
    await control.setFaults();
    await sleep(LATER_MS);
    const made = (await control.instances()).filter((one) => !before.has(one.id));
    const gc = await galley(['gc', '--all', '--project', projectName(cwd)], {
      cwd,
      env: endpoint.env,
    });
    const left = await control.left();
    const again = await galley(['destroy'], { cwd, env: endpoint.env });
    return {
      left: Object.entries(left).flatMap(([kind, ids]) =>
        (ids as readonly string[]).map((id) => `${kind} ${id}`),
      ),
      doubles: Math.max(0, made.length - 1),
      wasKilled: create.wasKilled || destroy?.wasKilled === true,
      codes: [gc.code, again.code],
      output: [create.output, destroy?.output, gc.stdout, gc.stderr, again.stdout, again.stderr].join('\n'),
    };
  } finally {
    await rm(cwd, { recursive: true });
  }
}

async function killed(
  endpoint: LocalEndpoint,
  control: EndpointControl,
  cwd: string,
  command: string,
  operation: string | undefined,
): Promise<{ readonly wasKilled: boolean; readonly output: string }> {
  const ended = new AbortController();
  let wasKilled = false;
  const result = await galley([command], {
    cwd,
    env: endpoint.env,
    onStart(child) {
      child.once('exit', () => ended.abort());
      if (operation === undefined) return;
      void (async () => {
        while (!ended.signal.aborted) {
          if ((await control.calls()).some((call) => call.operation === operation)) {
            wasKilled = child.kill('SIGKILL');
            return;
          }
          await sleep(3);
        }
      })();
    },
  });
  return { wasKilled, output: result.stdout + result.stderr };
}
