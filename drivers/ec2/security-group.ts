import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import type { Account } from './account.ts';
import { awsCode, isNotFound } from './errors.ts';
import { specifications, type TagInput, tagsFor } from './tags.ts';

/**
 * Makes the group of a run; one that is there already, from a request whose answer was lost, is taken. Gives its id.
 * `vpcId`: undefined for the default VPC.
 */
export async function makeGroup(
  account: Account,
  name: string,
  vpcId: string | undefined,
  tags: Omit<TagInput, 'kind'>,
): Promise<string> {
  const doing = 'make the security group of this run';
  const isDuplicate = (error: unknown): boolean => awsCode(error) === 'InvalidGroup.Duplicate';
  try {
    const made = await account.ask(
      'CreateSecurityGroup',
      doing,
      (ec2) =>
        ec2.send(
          new CreateSecurityGroupCommand({
            GroupName: name,
            Description: 'Galley: ssh from the caller to the machines of one run',
            ...(vpcId !== undefined && { VpcId: vpcId }),
            TagSpecifications: specifications(tagsFor({ ...tags, kind: 'group' }), ['security-group']),
          }),
        ),
      isDuplicate,
    );
    return made.GroupId ?? '';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const Filters = [
      { Name: 'group-name', Values: [name] },
      ...(vpcId === undefined ? [] : [{ Name: 'vpc-id', Values: [vpcId] }]),
    ];
    const found = await account.ask('DescribeSecurityGroups', doing, (ec2) =>
      ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    );
    const id = found.SecurityGroups?.[0]?.GroupId;
    if (id === undefined) throw error;
    return id;
  }
}

/** Opens TCP ports for some addresses. Rules that are there already are left. */
export async function openPorts(
  account: Account,
  groupId: string,
  ports: readonly number[],
  cidrs: readonly string[],
): Promise<void> {
  const isDuplicate = (error: unknown): boolean => awsCode(error) === 'InvalidPermission.Duplicate';
  const v6 = cidrs.filter((one) => one.includes(':'));
  const v4 = cidrs.filter((one) => !one.includes(':'));
  const open = (some: readonly number[]) =>
    account.ask(
      'AuthorizeSecurityGroupIngress',
      'open the security group of this run',
      (ec2) =>
        ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: groupId,
            IpPermissions: some.map((port) => ({
              IpProtocol: 'tcp',
              FromPort: port,
              ToPort: port,
              ...(v4.length > 0 && { IpRanges: v4.map((CidrIp) => ({ CidrIp, Description: 'caller' })) }),
              ...(v6.length > 0 && {
                Ipv6Ranges: v6.map((CidrIpv6) => ({ CidrIpv6, Description: 'caller' })),
              }),
            })),
          }),
        ),
      isDuplicate,
    );
  try {
    await open(ports);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // All of a request or nothing: the others one by one.
    if (ports.length > 1) for (const port of ports) await openPorts(account, groupId, [port], cidrs);
  }
}

/**
 * Waits while something still uses it, until `deadline` (milliseconds since the epoch); `whileInUse` is done before each
 * further try. Succeeds when it is gone already.
 */
export async function deleteGroup(
  account: Account,
  groupId: string,
  deadline: number,
  signal: AbortSignal,
  whileInUse?: () => Promise<unknown>,
): Promise<void> {
  const isInUse = (error: unknown): boolean =>
    /^(DependencyViolation|InvalidGroup\.InUse)$/.test(awsCode(error)) && Date.now() < deadline;
  for (let wait = 1000; ; wait = Math.min(wait * 2, 10_000)) {
    try {
      await account.ask(
        'DeleteSecurityGroup',
        `delete the security group ${groupId}`,
        (ec2) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: groupId })),
        (error) => isNotFound(error) || isInUse(error),
      );
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isInUse(error)) throw error;
      await whileInUse?.();
      await sleep(wait, undefined, { signal });
    }
  }
}
