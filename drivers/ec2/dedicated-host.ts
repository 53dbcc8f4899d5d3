import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AllocateHostsCommand, DescribeHostsCommand, type Host } from '@aws-sdk/client-ec2';
import type { ActionContext, Ownership } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import { limiter } from '../../src/core/limiter.ts';
import { LABEL } from '../../src/docker/labels.ts';
import type { Account } from './account.ts';
import type { Ec2Config } from './config.ts';
import { isCapacityError } from './errors.ts';
import { isFirstRefusal } from './launch.ts';
import type { Ec2Machine } from './record.ts';
import { zoneOf } from './request.ts';
import { specifications, tagMap, tagsFor, tagValue } from './tags.ts';
import { LOOK_MS } from './until-seen.ts';
import { seconds } from './wait.ts';

type Context = Pick<ActionContext<Ec2Config>, 'config' | 'instance' | 'ownership' | 'signal' | 'emit'>;

/** Where a machine is to be placed. */
export interface Place {
  readonly hostId: string;
  readonly type: string;
}

/** States in which a host is there and paid for. */
export const HOST_STATES = ['available', 'pending', 'under-assessment', 'permanent-failure'];

/** Hosts are chosen, taken and given back one at a time; who has a place on which, in this process. */
const inTurn = limiter(1);
const taken = new Map<string, Set<string>>();

/**
 * A place on a dedicated host of this kitchen: one that has room, else a new one of the first type that AWS has to
 * give. `note` is awaited before it is asked for, and again with its id. Throws AWS's refusal when there is none.
 */
export function placeOnHost(
  account: Account,
  ctx: Context,
  types: readonly string[],
  note: (made: Partial<Ec2Machine>) => Promise<void>,
): Promise<Place> {
  return inTurn(async () => {
    const zone = zoneOf(ctx.config.availabilityZone, account.region);
    const found = (await hostsOf(account, ctx.ownership.project)).filter((one) =>
      isOwnHost(one, ctx.ownership),
    );
    const free = types.flatMap((type) =>
      found
        .filter((one) => one.State === 'available' && one.AvailabilityZone === zone)
        .filter((one) => hasRoom(one, type, taken.get(one.HostId ?? '')?.size ?? 0))
        .map((one) => ({ hostId: one.HostId ?? '', type })),
    )[0];
    const place = free ?? (await allocated(account, ctx, types, zone, note));
    taken.set(place.hostId, (taken.get(place.hostId) ?? new Set()).add(ctx.instance.name));
    await note({ hostId: place.hostId, keepsHost: ctx.config.dedicatedHost?.isKept === true });
    return place;
  });
}

/** Lets others have the place of an instance, and runs `release` if none in this process has one there. */
export function leavePlace(hostId: string, instance: string, release: () => Promise<void>): Promise<void> {
  return inTurn(async () => {
    const others = taken.get(hostId);
    others?.delete(instance);
    if ((others?.size ?? 0) === 0) await release();
  });
}

/** Hosts of a project; of all when it is missing. By the tag's key, the one filter of tags that DescribeHosts lists. */
export async function hostsOf(account: Account, project: string | undefined): Promise<readonly Host[]> {
  const found: Host[] = [];
  let NextToken: string | undefined;
  do {
    const Filter = [{ Name: 'tag-key', Values: [LABEL.project] }];
    const input = { Filter, ...(NextToken !== undefined && { NextToken }) };
    const page = await account.ask('DescribeHosts', 'look for dedicated hosts', (ec2) =>
      ec2.send(new DescribeHostsCommand(input)),
    );
    found.push(...(page.Hosts ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken !== undefined);
  return found.filter(
    ({ State, Tags }) =>
      HOST_STATES.includes(State ?? '') && (project === undefined || tagMap(Tags)[LABEL.project] === project),
  );
}

/** Another owner's are not ours, though a CI service has the same kitchen at the same path. */
export function isOwnHost({ Tags }: Host, { project, owner }: Pick<Ownership, 'project' | 'owner'>): boolean {
  const labels = tagMap(Tags);
  return labels[LABEL.project] === project && labels[LABEL.owner] === tagValue(owner);
}

/** `taken`: places that this process has given away, which AWS may not see yet. Exported for its test. */
export function hasRoom(host: Host, type: string, takenHere: number): boolean {
  const { InstanceType, InstanceFamily } = host.HostProperties ?? {};
  const fits = InstanceType === undefined ? InstanceFamily === familyOf(type) : InstanceType === type;
  if (!fits) return false;
  const capacities = host.AvailableCapacity?.AvailableInstanceCapacity ?? [];
  // Hosts of burstable types tell no capacity, and take more than they have processors for.
  if (capacities.length === 0)
    return !isMetal(type) || Math.max(takenHere, host.Instances?.length ?? 0) === 0;
  const capacity = capacities.find((one) => one.InstanceType === type);
  const total = capacity?.TotalCapacity ?? 0;
  const used = total - (capacity?.AvailableCapacity ?? 0);
  return total > Math.max(used, takenHere);
}

async function allocated(
  account: Account,
  ctx: Context,
  types: readonly string[],
  zone: string | undefined,
  note: (made: Partial<Ec2Machine>) => Promise<void>,
): Promise<Place> {
  let refusal: unknown;
  for (const type of types) {
    ctx.signal.throwIfAborted();
    const token = `galley-host-${randomUUID()}`;
    await note({ hostToken: token, launchedAt: Date.now() });
    try {
      const hostId = await allocate(account, ctx, type, zone, token);
      await note({ hostId });
      ctx.emit({ type: 'made', instance: ctx.instance.name, kind: 'dedicated host', name: hostId });
      await untilAvailable(account, ctx, hostId);
      return { hostId, type };
    } catch (error) {
      const refused = error instanceof GalleyError ? error.cause : error;
      if (isFirstRefusal(error)) await note({ hostToken: undefined });
      if (!isCapacityError(refused)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

async function allocate(
  account: Account,
  { instance, ownership, config, emit }: Context,
  type: string,
  zone: string | undefined,
  token: string,
): Promise<string> {
  const tags = tagsFor({ ownership, instance: undefined, kind: 'host', own: config.tags });
  const message = `a dedicated host for ${type} is allocated in ${zone}: it costs until it is released${type.startsWith('mac') ? ', for 24 hours at least' : ''}`;
  emit({ type: 'notice', instance: instance.name, level: 'info', message });
  const answer = await account.ask('AllocateHosts', `allocate a dedicated host for ${instance.name}`, (ec2) =>
    ec2.send(
      new AllocateHostsCommand({
        AvailabilityZone: zone,
        ClientToken: token,
        Quantity: 1,
        // Nobody else's machines come there by themselves.
        AutoPlacement: 'off',
        ...(isMetal(type) ? { InstanceType: type } : { InstanceFamily: familyOf(type) }),
        TagSpecifications: specifications(tags, ['dedicated-host']),
      }),
    ),
  );
  const [hostId] = answer.HostIds ?? [];
  if (hostId === undefined) throw new Error('AllocateHosts gave no host');
  return hostId;
}

async function untilAvailable(account: Account, ctx: Context, hostId: string): Promise<void> {
  const started = Date.now();
  for (;;) {
    const host = (await hostsOf(account, ctx.ownership.project)).find((one) => one.HostId === hostId);
    const waited = Date.now() - started;
    if (host?.State === 'available') return;
    if (host?.State === 'permanent-failure' || waited > ctx.config.waitMs) {
      throw new GalleyError({
        code: 'ec2.host_not_available',
        kind: 'infrastructure',
        message: `the dedicated host ${hostId} is ${host?.State ?? 'not there'} after ${seconds(waited)}`,
        hint: 'run the command again; retryable_tries: and retryable_sleep: say how long is waited',
      });
    }
    const text = `waiting for the dedicated host ${hostId} (${host?.State ?? 'not visible yet'}, ${seconds(waited)})`;
    ctx.emit({ type: 'progress', instance: ctx.instance.name, text });
    await sleep(LOOK_MS, undefined, { signal: ctx.signal });
  }
}

function familyOf(type: string): string | undefined {
  return type.split('.')[0];
}

/** `m7i.metal-24xl` and `mac2.metal` occupy a whole host. */
function isMetal(type: string): boolean {
  return type.split('.')[1]?.startsWith('metal') === true;
}
