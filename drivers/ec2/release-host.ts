import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeHostsCommand,
  type DescribeHostsCommandInput,
  type Host,
  ReleaseHostsCommand,
} from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { Account } from './account.ts';
import type { Ec2Config } from './config.ts';
import { HOST_STATES, isOwnHost, leavePlace } from './dedicated-host.ts';
import { isNotFound } from './errors.ts';
import type { Ec2Machine } from './record.ts';
import { LOOK_MS, untilSeen } from './until-seen.ts';
import { seconds } from './wait.ts';

type Context = Pick<ActionContext<Ec2Config>, 'config' | 'instance' | 'ownership' | 'signal' | 'emit'>;

/**
 * Gives back the dedicated host of an instance whose machine has ended: what is recorded, or what its token has made,
 * or what its machine was seen on. One that others are on, or that is none of this kitchen's, stays.
 */
export async function leaveHost(
  account: Account,
  ctx: Context,
  made: Partial<Ec2Machine>,
  seen: { readonly on: readonly string[]; readonly ended: readonly string[] },
  gone: () => Promise<void>,
): Promise<void> {
  const asked = made.hostId ?? (made.hostToken === undefined ? undefined : await byToken(account, ctx, made));
  for (const hostId of new Set([...(asked === undefined ? [] : [asked]), ...seen.on])) {
    await leavePlace(hostId, ctx.instance.name, async () => {
      if (made.keepsHost === true) return;
      await gone();
      await releaseWhenEmpty(account, ctx, hostId, seen.ended);
    });
  }
}

function byToken(
  account: Account,
  ctx: Context,
  { hostToken = '', launchedAt = 0 }: Partial<Ec2Machine>,
): Promise<string | undefined> {
  const text = 'waiting whether a dedicated host shows up that was asked for';
  return untilSeen(
    ctx,
    launchedAt,
    () => text,
    async () => {
      const [found] = await describe(account, { Filter: [{ Name: 'client-token', Values: [hostToken] }] });
      return found?.HostId;
    },
  );
}

async function describe(account: Account, input: DescribeHostsCommandInput): Promise<readonly Host[]> {
  try {
    const answer = await account.ask(
      'DescribeHosts',
      'look for the dedicated host',
      (ec2) => ec2.send(new DescribeHostsCommand(input)),
      isNotFound,
    );
    return answer.Hosts ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function releaseWhenEmpty(
  account: Account,
  ctx: Context,
  hostId: string,
  ended: readonly string[],
): Promise<void> {
  const { instance, ownership, config, emit, signal } = ctx;
  const until = Date.now() + config.waitMs;
  const [host] = await describe(account, { HostIds: [hostId] });
  if (!host || !isOwnHost(host, ownership) || !HOST_STATES.includes(host.State ?? '')) return;
  for (;;) {
    const refusal = await releaseHost(account, hostId);
    if (refusal === undefined) {
      emit({ type: 'removed', instance: instance.name, kind: 'dedicated host', name: hostId });
      return;
    }
    const isUsed = isOccupied(refusal);
    const message = isUsed
      ? `the dedicated host ${hostId} stays: other machines are on it`
      : `the dedicated host ${hostId} cannot be released yet and goes on to cost: galley gc --all releases it later (${refusal})`;
    if (isTooEarly(refusal) || (isUsed && (await hasOthers(account, hostId, ended)))) {
      emit({ type: 'notice', instance: instance.name, level: isUsed ? 'info' : 'warning', message });
      return;
    }
    // A machine that has just ended is on the host's list for a moment longer.
    if (!isUsed || Date.now() > until) throw notReleased(hostId, instance.name, refusal, config.waitMs);
    await sleep(LOOK_MS, undefined, { signal });
  }
}

async function hasOthers(account: Account, hostId: string, ended: readonly string[]): Promise<boolean> {
  const [host] = await describe(account, { HostIds: [hostId] });
  return (host?.Instances ?? []).some((one) => !ended.includes(one.InstanceId ?? ''));
}

/** Undefined when it is released, also when it was before; else AWS's words for why it is not. */
export async function releaseHost(account: Account, hostId: string): Promise<string | undefined> {
  try {
    const { Unsuccessful = [] } = await account.ask(
      'ReleaseHosts',
      `release the dedicated host ${hostId}`,
      (ec2) => ec2.send(new ReleaseHostsCommand({ HostIds: [hostId] })),
      isNotFound,
    );
    const error = Unsuccessful[0]?.Error;
    if (!error || /NotFound|AlreadyReleased/i.test(error.Code ?? '')) return undefined;
    return [error.Code, error.Message].filter(Boolean).join(': ');
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Machines are on it, or have ended a moment ago. */
export function isOccupied(refusal: string): boolean {
  return /Occupied/i.test(refusal);
}

/** Mac hosts are held for 24 hours at least. */
function isTooEarly(refusal: string): boolean {
  return /MinAllocation|allocation period|24[ -]hours/i.test(refusal);
}

function notReleased(hostId: string, instance: string, refusal: string, waitedMs: number): GalleyError {
  return new GalleyError({
    code: 'ec2.host_not_released',
    kind: 'infrastructure',
    message: `AWS did not release the dedicated host ${hostId}, which goes on to cost`,
    details: [refusal],
    hint: `galley destroy ${instance} tries again (it waits ${seconds(waitedMs)} for machines that end)`,
  });
}
