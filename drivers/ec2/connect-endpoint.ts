import {
  DescribeInstanceConnectEndpointsCommand,
  type Ec2InstanceConnectEndpoint,
  type Instance,
} from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { Account } from './account.ts';
import { isReachable } from './address.ts';
import type { Ec2Config } from './config.ts';
import { awsCode } from './errors.ts';
import { openToVpc } from './network.ts';
import { tunnelCommand } from './tunnel.ts';

type Context = Pick<ActionContext<Ec2Config>, 'config' | 'instance' | 'emit' | 'once'>;

/**
 * The local command that leads to a running machine's sshd; undefined where `address` does. With `use_instance_connect`
 * an endpoint of the machine's VPC is looked for when no public address leads there, as kitchen-ec2 does it for all;
 * `ownGroup` is then opened for it.
 */
export async function wayTo(
  account: Account,
  ctx: Context,
  machine: Instance,
  address: string,
  ownGroup: string | undefined,
): Promise<string | undefined> {
  const { config, instance, emit } = ctx;
  const at = {
    instanceId: machine.InstanceId ?? '',
    region: account.region,
    profile: account.profile,
  };
  const { instanceConnect, cidrs } = config;
  const isKnown = instanceConnect === undefined || instanceConnect.endpointId !== undefined;
  if (isKnown || config.interface === 'id' || isReachable(machine, address)) return tunnelCommand(config, at);
  const { VpcId = '' } = machine;
  const found = await ctx.once(['Instance Connect endpoints of', account.region, VpcId].join('\n'), () =>
    endpointsOf(account, VpcId),
  );
  const endpoint = found.find((one) => one.SubnetId === machine.SubnetId) ?? found[0];
  const endpointId = endpoint?.InstanceConnectEndpointId;
  if (endpointId === undefined) return undefined;
  if (ownGroup !== undefined && cidrs === undefined) await openToVpc(account, ctx, ownGroup, VpcId);
  const message = `${address} is no public address: ssh goes through the Instance Connect endpoint ${endpointId}`;
  emit({ type: 'notice', instance: instance.name, level: 'info', message });
  return tunnelCommand({ ...config, instanceConnect: { ...instanceConnect, endpointId } }, at);
}

/** Those that work; none for a caller who may not look, or where there are no such endpoints. */
async function endpointsOf(account: Account, vpcId: string): Promise<readonly Ec2InstanceConnectEndpoint[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'state', Values: ['create-complete'] },
  ];
  const cannotLook = (error: unknown): boolean =>
    /^(UnauthorizedOperation|InvalidAction)$/.test(awsCode(error));
  try {
    const answer = await account.ask(
      'DescribeInstanceConnectEndpoints',
      'look for an Instance Connect endpoint',
      (ec2) => ec2.send(new DescribeInstanceConnectEndpointsCommand({ Filters })),
      cannotLook,
    );
    return answer.InstanceConnectEndpoints ?? [];
  } catch (error) {
    if (cannotLook(error)) return [];
    throw error;
  }
}
