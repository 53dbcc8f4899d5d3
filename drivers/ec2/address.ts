import type { Instance } from '@aws-sdk/client-ec2';
import type { Ec2Config } from './config.ts';

/**
 * Where an instance is reached, by the option `interface`; without it the public name, the public address, the private
 * address, the first there is. Undefined while it has none.
 */
export function addressOf(instance: Instance, by: Ec2Config['interface']): string | undefined {
  const { PublicDnsName, PublicIpAddress, PrivateIpAddress, PrivateDnsName, InstanceId, Ipv6Address } =
    instance;
  const pick = (...values: (string | undefined)[]) => values.find((one) => one !== undefined && one !== '');
  switch (by) {
    case 'public':
      return pick(PublicIpAddress, Ipv6Address);
    case 'private':
      return pick(PrivateIpAddress);
    case 'private_dns':
      return pick(PrivateDnsName);
    case 'id':
      return InstanceId;
    case 'dns':
      return pick(PublicDnsName);
    default:
      return pick(PublicDnsName, PublicIpAddress, PrivateIpAddress);
  }
}

/** Whether connecting to it from here can be expected to work without a bastion. */
export function isReachable(instance: Instance, host: string): boolean {
  return (
    host === instance.PublicDnsName || host === instance.PublicIpAddress || host === instance.Ipv6Address
  );
}
