import type { RunInstancesCommandInput, Tag } from '@aws-sdk/client-ec2';
import type { Ec2Config } from './config.ts';
import { specifications } from './tags.ts';

/** What was found out about the account before a machine can be asked for. */
export interface Surroundings {
  readonly region: string;
  readonly imageId: string;
  readonly types: readonly string[];
  readonly keyName: string | undefined;
  readonly groupIds: readonly string[];
  readonly subnetId: string | undefined;
  /** Dedicated host that it is placed on, when one was allocated for it. */
  readonly hostId?: string | undefined;
  /** Base64. */
  readonly userData: string | undefined;
  readonly tags: readonly Tag[];
}

/** One request that is worth trying, before those that come after it. */
export interface LaunchTry {
  readonly market: 'spot' | 'on-demand';
  readonly type: string;
  readonly input: RunInstancesCommandInput;
}

/** All ways to get the machine: spot first when that is wanted, each instance type in the order given. */
export function planLaunch(config: Ec2Config, found: Surroundings): readonly LaunchTry[] {
  const spot = found.types.map((type) => launch(config, found, type, 'spot'));
  const onDemand = found.types.map((type) => launch(config, found, type, 'on-demand'));
  if (!config.spot) return onDemand;
  return config.spot.fallsBack ? [...spot, ...onDemand] : spot;
}

function launch(
  config: Ec2Config,
  found: Surroundings,
  type: string,
  market: LaunchTry['market'],
): LaunchTry {
  const types = ['instance', 'volume', 'network-interface'] as const;
  const placement = placementOf(config, found);
  const input: RunInstancesCommandInput = {
    ImageId: found.imageId,
    InstanceType: type as NonNullable<RunInstancesCommandInput['InstanceType']>,
    MinCount: 1,
    MaxCount: 1,
    ...(found.keyName !== undefined && { KeyName: found.keyName }),
    ...networkOf(config, found),
    ...(found.userData !== undefined && { UserData: found.userData }),
    ...(config.ebsOptimized && { EbsOptimized: true }),
    ...(config.blockDevices.length > 0 && {
      BlockDeviceMappings: config.blockDevices.map((one) => toApi(one)) as never,
    }),
    ...(config.iamProfile !== undefined && { IamInstanceProfile: profileOf(config.iamProfile) }),
    ...(config.licenses.length > 0 && {
      LicenseSpecifications: config.licenses.map((arn) => ({ LicenseConfigurationArn: arn })),
    }),
    ...(Object.keys(placement).length > 0 && { Placement: placement }),
    MetadataOptions: toApi(config.metadata) as never,
    InstanceInitiatedShutdownBehavior: config.shutdown,
    ...(market === 'spot' && {
      InstanceMarketOptions: {
        MarketType: 'spot',
        SpotOptions: {
          SpotInstanceType: 'one-time',
          InstanceInterruptionBehavior: 'terminate',
          ...(config.spot?.maxPrice !== undefined && { MaxPrice: config.spot.maxPrice }),
        },
      },
    }),
    TagSpecifications: specifications(
      found.tags,
      market === 'spot' ? [...types, 'spot-instances-request'] : types,
    ),
  };
  return { market, type, input };
}

/** Where an interface is described, EC2 wants subnet, address and groups inside it and refuses them outside. */
function networkOf(config: Ec2Config, found: Surroundings): Partial<RunInstancesCommandInput> {
  const groups = found.groupIds.length > 0 ? [...found.groupIds] : undefined;
  if (config.publicIp === undefined && !config.ipv6) {
    return {
      ...(found.subnetId !== undefined && { SubnetId: found.subnetId }),
      ...(config.privateIp !== undefined && { PrivateIpAddress: config.privateIp }),
      ...(groups && { SecurityGroupIds: groups }),
    };
  }
  return {
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        DeleteOnTermination: true,
        ...(config.publicIp !== undefined && { AssociatePublicIpAddress: config.publicIp }),
        ...(config.ipv6 && { Ipv6AddressCount: 1 }),
        ...(found.subnetId !== undefined && { SubnetId: found.subnetId }),
        ...(config.privateIp !== undefined && { PrivateIpAddress: config.privateIp }),
        ...(groups && { Groups: groups }),
      },
    ],
  };
}

function placementOf(
  { availabilityZone, placement }: Ec2Config,
  { region, hostId }: Surroundings,
): Record<string, unknown> {
  const zone = zoneOf(availabilityZone, region);
  return {
    ...(toApi(placement) as object),
    ...(zone !== undefined && { AvailabilityZone: zone }),
    ...(hostId !== undefined && { HostId: hostId }),
  };
}

/** `b` is the zone b of the region. */
export function zoneOf(zone: string | undefined, region: string): string | undefined {
  return zone !== undefined && /^[a-z]$/i.test(zone) ? `${region}${zone.toLowerCase()}` : zone?.toLowerCase();
}

function profileOf(name: string): { Arn: string } | { Name: string } {
  return name.startsWith('arn:') ? { Arn: name } : { Name: name };
}

/** `{volume_size: 8}` → `{VolumeSize: 8}`, all the way down. */
export function toApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toApi);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key.split('_').map(capital).join(''), toApi(one)]),
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
