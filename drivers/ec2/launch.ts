import { setTimeout as sleep } from 'node:timers/promises';
import { type Instance, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { GalleyError } from '../../src/core/errors.ts';
import { awsCode, isCapacityError, toEc2Error } from './errors.ts';
import type { LaunchTry } from './request.ts';
import type { Session } from './session.ts';

const SPOT_PAUSE_MS = 5000;

export interface Launched {
  readonly instance: Instance;
  /** Id of the account it is in. */
  readonly account: string | undefined;
  readonly market: LaunchTry['market'];
  readonly type: string;
}

export interface LaunchOptions {
  readonly instance: string;
  /** How long spot instances are asked for again. */
  readonly spotWaitMs: number;
  readonly signal: AbortSignal;
  /** Is awaited with a new client token before each request is sent. */
  readonly record: (token: string) => Promise<void>;
  /** The request with this token has certainly made nothing. */
  readonly forget: (token: string) => Promise<void>;
  readonly newToken: () => string;
  readonly onProgress: (text: string) => void;
}

/**
 * Asks for the machine in each way until AWS has one. A request that is sent again after a lost answer carries the same
 * client token, so it never makes a second machine. Throws what AWS refused with, and `ec2.no_capacity` with all that
 * was tried when there was none.
 */
export async function launch(
  session: Session,
  ways: readonly LaunchTry[],
  options: LaunchOptions,
): Promise<Launched> {
  const { instance, signal } = options;
  const refusals: unknown[] = [];
  const tried: string[] = [];
  const spotUntil = Date.now() + options.spotWaitMs;
  const spot = ways.filter((one) => one.market === 'spot');
  let rest = [...ways];
  for (let way = rest.shift(); way !== undefined; way = rest.shift()) {
    signal.throwIfAborted();
    const { market, type } = way;
    options.onProgress(`asking for ${type} (${market})`);
    const token = options.newToken();
    await options.record(token);
    try {
      const run = new RunInstancesCommand({ ...way.input, ClientToken: token });
      const answer = await session.inTurn(() =>
        session.ask(
          'RunInstances',
          `start a machine for ${instance}`,
          (ec2) => ec2.send(run),
          isCapacityError,
        ),
      );
      const [made] = answer.Instances ?? [];
      if (made?.InstanceId) return { instance: made, account: answer.OwnerId, market, type };
      throw new Error('RunInstances gave no instance');
    } catch (error) {
      if (isFirstRefusal(error)) await options.forget(token);
      if (!isCapacityError(error)) throw error;
      refusals.push(error);
      tried.push(`${type} (${market}): ${awsCode(error)}: ${(error as Error).message}`);
    }
    const isLastSpot = market === 'spot' && rest[0]?.market !== 'spot';
    if (!isLastSpot || Date.now() + SPOT_PAUSE_MS >= spotUntil) continue;
    options.onProgress('waiting for spot capacity');
    await sleep(SPOT_PAUSE_MS, undefined, { signal });
    rest = [...spot, ...rest];
  }
  throw exhausted(session, instance, refusals, tried);
}

/** AWS itself said no to the only request that was sent: nothing can have been made by an answer that was lost. */
export function isFirstRefusal(error: unknown): boolean {
  const refused = error instanceof GalleyError ? error.cause : error;
  const { $metadata: sent } = refused as { $metadata?: { httpStatusCode?: number; attempts?: number } };
  return sent?.attempts === 1 && (sent.httpStatusCode ?? 0) >= 400;
}

function exhausted(
  session: Session,
  instance: string,
  refusals: readonly unknown[],
  tried: readonly string[],
): Error {
  const doing = `start a machine for ${instance}`;
  const last = toEc2Error(refusals.at(-1), { operation: 'RunInstances', doing, ...session });
  if (!(last instanceof GalleyError) || tried.length === 1) return last;
  const { code, kind, message, hint } = last;
  return new GalleyError({
    code,
    kind,
    message,
    details: [...new Set(tried)],
    ...(hint !== undefined && { hint }),
    cause: last,
  });
}
