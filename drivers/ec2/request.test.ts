import tap from 'tap';
import { Ec2Config } from './config.ts';
import { planLaunch, type Surroundings, toApi, zoneOf } from './request.ts';
import { tagFilters, tagsFor } from './tags.ts';

const found: Surroundings = {
  region: 'eu-central-1',
  imageId: 'ami-1',
  types: ['t3.micro', 't3a.micro'],
  keyName: 'k',
  groupIds: ['sg-1'],
  subnetId: 'subnet-1',
  userData: undefined,
  tags: [{ Key: 'Name', Value: 'n' }],
};
const inputs = (config: object) => planLaunch(Ec2Config.parse(config), found);

await tap.test('the plain case asks for metadata v2 and tags everything that is made', async (t) => {
  const [first] = inputs({});
  t.match(first?.input, {
    ImageId: 'ami-1',
    InstanceType: 't3.micro',
    SubnetId: 'subnet-1',
    SecurityGroupIds: ['sg-1'],
    MetadataOptions: { HttpTokens: 'required' },
    InstanceInitiatedShutdownBehavior: 'terminate',
  });
  t.same(
    first?.input.TagSpecifications?.map((one) => one.ResourceType),
    ['instance', 'volume', 'network-interface'],
  );
  t.notOk(first?.input.NetworkInterfaces);
});

await tap.test('where an interface is described, subnet, address and groups are inside it', async (t) => {
  const [first] = inputs({ associate_public_ip: false, private_ip_address: '10.0.0.9' });
  t.same(first?.input.NetworkInterfaces, [
    {
      DeviceIndex: 0,
      DeleteOnTermination: true,
      AssociatePublicIpAddress: false,
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.0.9',
      Groups: ['sg-1'],
    },
  ]);
  for (const key of ['SubnetId', 'PrivateIpAddress', 'SecurityGroupIds'] as const)
    t.notOk(first?.input[key], key);
});

await tap.test('spot comes before on-demand, each with all instance types', async (t) => {
  const ways = (config: object) => inputs(config).map(({ market, type }) => `${market} ${type}`);
  t.same(ways({}), ['on-demand t3.micro', 'on-demand t3a.micro']);
  t.same(ways({ spot_price: 0.01 }), [
    'spot t3.micro',
    'spot t3a.micro',
    'on-demand t3.micro',
    'on-demand t3a.micro',
  ]);
  t.same(ways({ spot_price: 'on-demand', spot_fallback: false }), ['spot t3.micro', 'spot t3a.micro']);
  const [priced] = inputs({ spot_price: 0.01 });
  t.equal(priced?.input.InstanceMarketOptions?.SpotOptions?.MaxPrice, '0.01');
  const [open] = inputs({ spot_price: 'on-demand' });
  t.notOk(open?.input.InstanceMarketOptions?.SpotOptions?.MaxPrice);
});

await tap.test('volumes go with their machine unless one says otherwise', async (t) => {
  const [first] = inputs({
    block_device_mappings: [
      { device_name: '/dev/sda1', ebs: { volume_size: '20', volume_type: 'gp3' } },
      { device_name: '/dev/sdb', ebs: { volume_size: 5, delete_on_termination: false } },
      { device_name: '/dev/sdc', virtual_name: 'ephemeral0' },
    ],
  });
  t.same(first?.input.BlockDeviceMappings, [
    { DeviceName: '/dev/sda1', Ebs: { DeleteOnTermination: true, VolumeSize: 20, VolumeType: 'gp3' } },
    { DeviceName: '/dev/sdb', Ebs: { DeleteOnTermination: false, VolumeSize: 5 } },
    { DeviceName: '/dev/sdc', VirtualName: 'ephemeral0' },
  ]);
});

await tap.test('placement, profile, licences', async (t) => {
  const [first] = inputs({
    availability_zone: 'B',
    tenancy: 'dedicated',
    placement: { group_name: 'g', partition_number: '2' },
    iam_profile_name: 'p',
    licenses: [{ license_configuration_arn: 'arn:x' }],
    ebs_optimized: true,
  });
  t.match(first?.input, {
    Placement: {
      AvailabilityZone: 'eu-central-1b',
      Tenancy: 'dedicated',
      GroupName: 'g',
      PartitionNumber: 2,
    },
    IamInstanceProfile: { Name: 'p' },
    LicenseSpecifications: [{ LicenseConfigurationArn: 'arn:x' }],
    EbsOptimized: true,
  });
  t.equal(zoneOf('eu-west-1c', 'eu-west-1'), 'eu-west-1c');
  t.same(toApi({ http_protocol_ipv_6: 'enabled' }), { HttpProtocolIpv6: 'enabled' });
});

await tap.test('tags say whose it is, and find it again', async (t) => {
  const ownership = {
    project: 'web-1a2b',
    runId: 'r1',
    owner: 'jo"e@box',
    expires: '2026-01-01T00:00:00.000Z',
  };
  const tags = Object.fromEntries(
    tagsFor({
      ownership,
      instance: 'default-debian-12',
      kind: 'instance',
      own: { Name: 'mine', team: 'x' },
    }).map((one) => [one.Key, one.Value]),
  );
  t.match(tags, {
    Name: 'mine',
    team: 'x',
    'galley.project': 'web-1a2b',
    'galley.instance': 'default-debian-12',
    'galley.run': 'r1',
    'galley.owner': 'jo-e@box',
    'galley.expires': '2026-01-01T00:00:00.000Z',
  });
  t.same(tagFilters({ project: 'p', run: 'r' }), [
    { Name: 'tag:galley.project', Values: ['p'] },
    { Name: 'tag:galley.run', Values: ['r'] },
  ]);
});
