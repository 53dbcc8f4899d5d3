import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type Subnet,
} from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { Account } from './account.ts';
import { callerRanges, openToAll } from './caller-address.ts';
import type { Ec2Config, GroupFilter } from './config.ts';
import { zoneOf } from './request.ts';
import { runGroup } from './run-resources.ts';
import { openPorts } from './security-group.ts';

type Context = Pick<
  ActionContext<Ec2Config>,
  'config' | 'instance' | 'ownership' | 'root' | 'signal' | 'emit' | 'once'
>;

export interface Network {
  readonly subnetId: string | undefined;
  readonly groupIds: readonly string[];
  /** The group that was made for the run, when none was named. */
  readonly ownGroup: string | undefined;
}

/**
 * Subnet and security groups of a new machine; what is the same for several is asked for once per run. `hostPorts`: what
 * the caller is let in to beside ssh; undefined: nobody is let in.
 */
export async function networkFor(
  account: Account,
  ctx: Context,
  hostPorts: readonly number[] | undefined,
): Promise<Network> {
  const { config } = ctx;
  const subnet = await subnetFor(account, ctx);
  const subnetId = subnet?.SubnetId ?? config.subnetId;
  if (config.securityGroupIds) return { subnetId, groupIds: config.securityGroupIds, ownGroup: undefined };
  if (config.securityGroupFilters) {
    const groupIds = await filteredGroups(account, ctx, config.securityGroupFilters, subnet?.VpcId);
    return { subnetId, groupIds, ownGroup: undefined };
  }
  if (hostPorts === undefined) {
    const ownGroup = await runGroup(account, ctx, subnet?.VpcId, { ports: [], cidrs: [] });
    return { subnetId, groupIds: [ownGroup], ownGroup };
  }
  const isTunnelled = config.instanceConnect?.endpointId !== undefined && config.cidrs === undefined;
  const ranges = isTunnelled
    ? ['ranges of', subnet?.VpcId].join('\n')
    : ['your own address', JSON.stringify([config.cidrs, config.interface])].join('\n');
  const ports = [...new Set([config.sshPort, ...hostPorts])].toSorted((a, b) => a - b);
  const cidrs = await ctx.once(ranges, async () => {
    const found = isTunnelled
      ? await vpcRanges(account, subnet?.VpcId)
      : await callerRanges(account, config, ctx.signal);
    const message = openToAll(found, ports);
    if (message !== undefined)
      ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
    return found;
  });
  const ownGroup = await runGroup(account, ctx, subnet?.VpcId, { ports, cidrs });
  return { subnetId, groupIds: [ownGroup], ownGroup };
}

/** Undefined: the default VPC's; or a given one whose VPC nobody needs to know. */
async function subnetFor(account: Account, ctx: Context): Promise<Subnet | undefined> {
  const { config } = ctx;
  const { subnetId, subnetFilters, securityGroupIds } = config;
  if (subnetId === undefined && subnetFilters === undefined) return undefined;
  if (subnetId !== undefined && securityGroupIds) return undefined;
  const zone = zoneOf(config.availabilityZone, account.region);
  const filters =
    subnetId === undefined
      ? [
          ...(subnetFilters ?? []).map(({ tag, value }) => ({ Name: `tag:${tag}`, Values: [value] })),
          ...(zone === undefined ? [] : [{ Name: 'availability-zone', Values: [zone] }]),
        ]
      : [{ Name: 'subnet-id', Values: [subnetId] }];
  return ctx.once(['the subnet', account.region, JSON.stringify(filters)].join('\n'), async () => {
    const answer = await account.ask('DescribeSubnets', 'find the subnet', (ec2) =>
      ec2.send(new DescribeSubnetsCommand({ Filters: filters })),
    );
    const [most] = (answer.Subnets ?? []).toSorted(
      (a, b) => (b.AvailableIpAddressCount ?? 0) - (a.AvailableIpAddressCount ?? 0),
    );
    if (most) return most;
    throw new GalleyError({
      code: 'ec2.unknown_subnet',
      kind: 'infrastructure',
      message: `there is no subnet ${subnetId ?? `with ${words(filters)}`} in ${account.region}`,
      hint: `correct ${subnetId === undefined ? 'subnet_filter:' : 'subnet_id:'} or region:`,
    });
  });
}

async function filteredGroups(
  account: Account,
  ctx: Context,
  filters: readonly GroupFilter[],
  vpcOfSubnet: string | undefined,
): Promise<readonly string[]> {
  const key = ['the security groups', account.region, vpcOfSubnet, JSON.stringify(filters)].join('\n');
  return ctx.once(key, async () => {
    const vpc = vpcOfSubnet ?? (await defaultVpc(account));
    const found = await Promise.all(filters.map((one) => groupsOf(account, one, vpc)));
    return [...new Set(found.flat())];
  });
}

async function groupsOf(
  account: Account,
  { name, tag, value }: GroupFilter,
  vpc: string | undefined,
): Promise<readonly string[]> {
  const Filters = [
    ...(name === undefined ? [] : [{ Name: 'group-name', Values: [name] }]),
    ...(tag === undefined ? [] : [{ Name: `tag:${tag}`, Values: [value ?? ''] }]),
    ...(vpc === undefined ? [] : [{ Name: 'vpc-id', Values: [vpc] }]),
  ];
  const answer = await account.ask('DescribeSecurityGroups', 'find the security groups', (ec2) =>
    ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
  );
  const ids = (answer.SecurityGroups ?? []).flatMap((one) => one.GroupId ?? []);
  if (ids.length > 0) return ids;
  throw new GalleyError({
    code: 'ec2.unknown_security_group',
    kind: 'infrastructure',
    message: `there is no security group with ${words(Filters)} in ${account.region}`,
    hint: 'correct security_group_filter:, subnet_id: or region:',
  });
}

/** An Instance Connect endpoint comes from an address of the VPC. */
async function vpcRanges(account: Account, vpcId: string | undefined): Promise<readonly string[]> {
  const Filters = [vpcId === undefined ? IS_DEFAULT : { Name: 'vpc-id', Values: [vpcId] }];
  const answer = await account.ask('DescribeVpcs', 'find the addresses of the VPC', (ec2) =>
    ec2.send(new DescribeVpcsCommand({ Filters })),
  );
  return (answer.Vpcs ?? []).flatMap(({ CidrBlock, CidrBlockAssociationSet = [] }) => [
    ...new Set(
      [CidrBlock, ...CidrBlockAssociationSet.map((one) => one.CidrBlock)].filter((one) => one !== undefined),
    ),
  ]);
}

/** Lets the addresses of the VPC in to sshd, those of a group's own endpoint among them. */
export async function openToVpc(
  account: Account,
  { config, once }: Pick<Context, 'config' | 'once'>,
  groupId: string,
  vpcId: string,
): Promise<void> {
  await once(['opening for', groupId, config.sshPort].join('\n'), async () =>
    openPorts(account, groupId, [config.sshPort], await vpcRanges(account, vpcId)),
  );
}

const IS_DEFAULT = { Name: 'is-default', Values: ['true'] };

/** Names of groups are unique within a VPC only. */
async function defaultVpc(account: Account): Promise<string | undefined> {
  const answer = await account.ask('DescribeVpcs', 'find the default VPC', (ec2) =>
    ec2.send(new DescribeVpcsCommand({ Filters: [IS_DEFAULT] })),
  );
  return answer.Vpcs?.[0]?.VpcId;
}

function words(filters: readonly { readonly Name: string; readonly Values: readonly string[] }[]): string {
  return filters.map(({ Name, Values }) => `${Name} ${Values.join(' or ')}`).join(' and ');
}
