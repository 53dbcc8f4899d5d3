import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeKeyPairsCommand,
  type EC2Client,
  paginateDescribeImages,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { Leftover } from '../../src/core/driver.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { LABEL } from '../../src/docker/labels.ts';
import type { Account } from './account.ts';
import type { Ec2Config } from './config.ts';
import { hostsOf } from './dedicated-host.ts';
import { awsCode, isNotFound } from './errors.ts';
import { deleteKey } from './key-pair.ts';
import { isOccupied, releaseHost } from './release-host.ts';
import { deleteGroup } from './security-group.ts';
import { describe, LIVE, type Session, sessionFor } from './session.ts';
import { tagFilters, tagMap } from './tags.ts';

const DOING = 'look for what was left behind';

/** All pages of a list. */
function listed<Page>(
  session: Session,
  operation: string,
  pages: (ec2: EC2Client) => AsyncIterable<Page>,
): Promise<readonly Page[]> {
  return session.ask(operation, DOING, (ec2) => Array.fromAsync(pages(ec2)));
}

/** Everything in the account's region that carries tags of Galley. */
export async function findLeftovers(
  host: PluginHost,
  config: Ec2Config,
  project: string | undefined,
): Promise<readonly Leftover[]> {
  const session = await sessionFor(host, config);
  const Filters =
    project === undefined ? [{ Name: 'tag-key', Values: [LABEL.project] }] : tagFilters({ project });
  const free = [...Filters, { Name: 'status', Values: ['available'] }];
  const [machines, volumes, images, snapshots, keys, groups, hosts] = await Promise.all([
    describe(session, DOING, [
      ...Filters,
      { Name: 'instance-state-name', Values: LIVE.filter((state) => state !== 'shutting-down') },
    ]),
    listed(session, 'DescribeVolumes', (ec2) => paginateDescribeVolumes({ client: ec2 }, { Filters: free })),
    listed(session, 'DescribeImages', (ec2) =>
      paginateDescribeImages({ client: ec2 }, { Filters, Owners: ['self'] }),
    ),
    listed(session, 'DescribeSnapshots', (ec2) =>
      paginateDescribeSnapshots({ client: ec2 }, { Filters, OwnerIds: ['self'] }),
    ),
    // EC2 gives all key pairs in one answer.
    session.ask('DescribeKeyPairs', DOING, (ec2) => ec2.send(new DescribeKeyPairsCommand({ Filters }))),
    listed(session, 'DescribeSecurityGroups', (ec2) =>
      paginateDescribeSecurityGroups({ client: ec2 }, { Filters }),
    ),
    hostsOf(session, project).catch(nothingAllowed),
  ]);
  const one = (kind: string, id: string | undefined, name: string | undefined, tags: Tag[] | undefined) => ({
    kind,
    id: id ?? '',
    name: name ?? id ?? '',
    labels: tagMap(tags),
  });
  const found = [
    ...machines.map((it) => one('machine', it.InstanceId, undefined, it.Tags)),
    ...volumes
      .flatMap(({ Volumes = [] }) => Volumes)
      .map((it) => one('volume', it.VolumeId, undefined, it.Tags)),
    ...images.flatMap(({ Images = [] }) => Images).map((it) => one('image', it.ImageId, it.Name, it.Tags)),
    ...snapshots
      .flatMap(({ Snapshots = [] }) => Snapshots)
      .map((it) => one('snapshot', it.SnapshotId, undefined, it.Tags)),
    ...(keys.KeyPairs ?? []).map((it) => one('key pair', it.KeyName, it.KeyName, it.Tags)),
    ...groups
      .flatMap(({ SecurityGroups = [] }) => SecurityGroups)
      .map((it) => one('security group', it.GroupId, it.GroupName, it.Tags)),
    ...hosts.map((it) => one('dedicated host', it.HostId, undefined, it.Tags)),
  ];
  const onHost = (id: string): string =>
    machines
      .filter((it) => it.Placement?.HostId === id)
      .map((it) => tagMap(it.Tags)[LABEL.expires] ?? '')
      .reduce((a, b) => (a > b ? a : b), '');
  return asLongAsTheirMachines(found, onHost);
}

/** A caller without the right to look at dedicated hosts has made none. */
function nothingAllowed(error: unknown): readonly never[] {
  if (awsCode((error as { cause?: unknown }).cause) === 'UnauthorizedOperation') return [];
  throw error;
}

/**
 * Key and group of a run are needed as long as its machines, which may have a longer time; a dedicated host as long as
 * those that are on it.
 */
function asLongAsTheirMachines(
  found: readonly Leftover[],
  onHost: (id: string) => string,
): readonly Leftover[] {
  const times = new Map<string, string>();
  const runOf = ({ labels }: Leftover): string => `${labels[LABEL.project]}\n${labels[LABEL.run]}`;
  for (const one of found) {
    const expires = one.labels[LABEL.expires] ?? '';
    if (one.kind === 'machine' && expires > (times.get(runOf(one)) ?? '')) times.set(runOf(one), expires);
  }
  return found.map((one) => {
    const longer = one.kind === 'dedicated host' ? onHost(one.id) : times.get(runOf(one));
    const isShared = one.labels[LABEL.instance] === undefined;
    if (!isShared || longer === undefined || longer <= (one.labels[LABEL.expires] ?? '')) return one;
    return { ...one, labels: { ...one.labels, [LABEL.expires]: longer } };
  });
}

type Failed = (one: Leftover, error: unknown) => void;

const ENDS_MS = 300_000;

export async function removeLeftovers(
  host: PluginHost,
  config: Ec2Config,
  doomed: readonly Leftover[],
  failed: Failed,
  signal: AbortSignal,
): Promise<void> {
  const session = await sessionFor(host, config);
  const of = (kind: string) => doomed.filter((one) => one.kind === kind);
  const each = (kind: string, remove: (one: Leftover) => Promise<unknown>): Promise<unknown> =>
    Promise.all(of(kind).map((one) => remove(one).catch((error: unknown) => failed(one, error))));
  await each('machine', (one) => session.terminate(one.id));
  await Promise.all([
    each('key pair', (one) => deleteKey(session, one.id)),
    each('image', (one) =>
      unlessGone(session, 'DeregisterImage', (ec2) =>
        ec2.send(new DeregisterImageCommand({ ImageId: one.id })),
      ),
    ),
  ]);
  await each('snapshot', (one) =>
    unlessGone(session, 'DeleteSnapshot', (ec2) =>
      ec2.send(new DeleteSnapshotCommand({ SnapshotId: one.id })),
    ),
  );
  await each('volume', (one) =>
    unlessGone(session, 'DeleteVolume', (ec2) => ec2.send(new DeleteVolumeCommand({ VolumeId: one.id }))),
  );
  if (of('security group').length + of('dedicated host').length === 0) return;
  await terminated(session, of('machine'), signal);
  const until = Date.now() + ENDS_MS;
  await each('security group', (one) =>
    deleteGroup(session, one.id, until, signal, () => endLateMachines(session, one, 'instance.group-id')),
  );
  await each('dedicated host', (one) => release(session, one, until, signal));
}

/** A machine that was asked for a moment ago is shown late, and then stands in the way of its group and its host. */
async function endLateMachines(session: Session, used: Leftover, filter: string): Promise<void> {
  const users = await describe(session, `look who uses ${used.id}`, [
    { Name: filter, Values: [used.id] },
    { Name: 'instance-state-name', Values: LIVE.filter((state) => state !== 'shutting-down') },
  ]);
  const late = users.filter(({ Tags }) => {
    const labels = tagMap(Tags);
    const isOfRun = labels[LABEL.run] !== undefined && labels[LABEL.run] === used.labels[LABEL.run];
    return isOfRun && (labels[LABEL.expires] ?? '') <= (used.labels[LABEL.expires] ?? '');
  });
  await Promise.all(late.map((one) => session.terminate(one.InstanceId ?? '')));
}

async function release(session: Session, one: Leftover, until: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const refusal = await releaseHost(session, one.id);
    if (refusal === undefined) return;
    if (!isOccupied(refusal) || Date.now() > until) throw new Error(`AWS does not release it: ${refusal}`);
    await endLateMachines(session, one, 'host-id');
    await sleep(2000, undefined, { signal });
  }
}

/** Groups are in use as long as machines are shutting down. */
async function terminated(
  session: Session,
  machines: readonly Leftover[],
  signal: AbortSignal,
): Promise<void> {
  const until = Date.now() + ENDS_MS;
  while (Date.now() < until) {
    const now = await Promise.all(machines.map((one) => session.look.ask(one.id)));
    if (now.every((one) => one === undefined || one.State?.Name === 'terminated')) return;
    await sleep(2000, undefined, { signal });
  }
}

async function unlessGone(
  account: Account,
  operation: string,
  send: (ec2: Account['ec2']) => Promise<unknown>,
): Promise<void> {
  try {
    await account.ask(operation, 'remove what was left behind', send, isNotFound);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
