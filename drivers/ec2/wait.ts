import type { Instance } from '@aws-sdk/client-ec2';
import { GalleyError } from '../../src/core/errors.ts';
import { unlessAborted } from '../../src/core/unless-aborted.ts';
import { consoleOutput, lastLines } from './console.ts';
import type { Session } from './session.ts';

/** Between two looks; the first ones come sooner, since many machines run within seconds. */
const FIRST_LOOK_MS = 500;
const LOOK_MS = 4000;
/** A machine that was launched may not be visible for so long (eventual consistency). */
const INVISIBLE_MS = 60_000;
const CONSOLE_LINES = 15;

export interface WaitOptions {
  readonly instance: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** Looks at the machine until `done` gives something. Ends at once when it can never be. */
export async function waitFor<T>(
  session: Session,
  instanceId: string,
  options: WaitOptions,
  what: string,
  done: (instance: Instance) => T | undefined,
): Promise<T> {
  const started = Date.now();
  let state = 'not visible yet';
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, LOOK_MS)) {
    options.signal.throwIfAborted();
    const instance = await unlessAborted(session.look.ask(instanceId, pause), options.signal);
    options.signal.throwIfAborted();
    const waited = Date.now() - started;
    if (instance) {
      state = instance.State?.Name ?? 'unknown';
      await assertLives(session, instance, options.instance);
      const result = done(instance);
      if (result !== undefined) return result;
    } else if (waited > INVISIBLE_MS) {
      throw vanished(options.instance, instanceId);
    }
    if (waited > options.timeoutMs) {
      throw new GalleyError({
        code: 'ec2.not_running',
        kind: 'infrastructure',
        message: `${options.instance}: ${instanceId} is ${state} after ${seconds(waited)}`,
        expected: what,
        got: state,
        details: lastLines(await consoleOutput(session, instanceId), CONSOLE_LINES),
        hint: 'retryable_tries: and retryable_sleep: say how long is waited',
      });
    }
    options.onProgress(`waiting for ${instanceId} ${what} (${state}, ${seconds(waited)})`);
  }
}

/** Throws when the machine is on its way out, with the reason that AWS gives and the end of its console. */
export async function assertLives(session: Session, found: Instance, instance: string): Promise<void> {
  const state = found.State?.Name ?? '';
  if (!['shutting-down', 'terminated', 'stopping', 'stopped'].includes(state)) return;
  const { Code = '', Message = '' } = found.StateReason ?? {};
  const console = lastLines(await consoleOutput(session, found.InstanceId ?? ''), CONSOLE_LINES);
  const { code, hint } = endOf(Code);
  throw new GalleyError({
    code: `ec2.${code}`,
    kind: 'infrastructure',
    message: `${instance}: the machine ${found.InstanceId} is ${state}: ${Message || Code || 'AWS gives no reason'}`,
    details: [...(Code ? [`reason: ${Code}`] : []), ...console.map((line) => `console: ${line}`)],
    hint,
  });
}

/** By the StateReason's code (API reference, StateReason). */
function endOf(reason: string): { readonly code: string; readonly hint: string } {
  if (reason.startsWith('Server.Spot')) {
    return {
      code: 'spot_interrupted',
      hint: 'AWS took the spot instance back: run the command again, or leave spot_price: out',
    };
  }
  if (/InsufficientInstanceCapacity/.test(reason)) {
    return {
      code: 'no_capacity',
      hint: 'list further types under instance_type:, leave availability_zone: out, or try again later',
    };
  }
  if (/VolumeLimitExceeded|InvalidSnapshot/.test(reason)) {
    return { code: 'volume', hint: 'look at block_device_mappings: and at the quota of volumes' };
  }
  if (/^Client\.(User|Instance)InitiatedShutdown/.test(reason)) {
    return { code: 'ended_by_other', hint: 'somebody (or the guest itself) ended it: run the command again' };
  }
  return { code: 'terminated', hint: 'run the command again; the lines of the console may say more' };
}

function vanished(instance: string, instanceId: string): GalleyError {
  return new GalleyError({
    code: 'ec2.vanished',
    kind: 'infrastructure',
    message: `${instance}: AWS does not know the machine ${instanceId} any more`,
    hint: 'run the command again: a new one is made',
  });
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
