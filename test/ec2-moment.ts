import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointControl } from '../fixtures/ec2/control-client.ts';

/** A moment in the life of a command that makes machines. */
export type Moment =
  /** The endpoint has answered this operation to the command, after another one when `after` names it. */
  | { readonly operation: string; readonly after?: string }
  /** A machine runs, and the command has had some time to knock at it. */
  | { readonly machine: 'running' }
  /** The command has said that the phase begins, and has had some time to get into it. */
  | { readonly phase: 'converge' | 'verify' };

/** How far into a phase; the phases of the kitchens of the cells take longer where it matters. */
const INTO_MS = 700;

/** Resolves to whether the moment came before `ended` was aborted. `output`: what the command has printed so far. */
export async function momentComes(
  moment: Moment,
  control: EndpointControl,
  output: () => string,
  ended: AbortSignal,
): Promise<boolean> {
  try {
    if ('operation' in moment) {
      if (moment.after !== undefined) {
        await control.called(moment.after, ended);
        await control.clearCalls();
      }
      await control.called(moment.operation, ended);
      return true;
    }
    const isThere =
      'phase' in moment
        ? async () => output().includes(`] ${moment.phase} …`)
        : async () => (await control.instances()).some((one) => one.state === 'running');
    while (!(await isThere())) await sleep(20, undefined, { signal: ended });
    await sleep(INTO_MS, undefined, { signal: ended });
    return true;
  } catch (error) {
    if (ended.aborted) return false;
    throw error;
  }
}
