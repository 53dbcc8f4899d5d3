import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-ec2';
import tap from 'tap';
import { amiId } from '../../fixtures/ec2/catalogue/amis.ts';
import { testContext } from '../../test/contract/context.ts';
import { ec2Lab } from '../../test/ec2-lab.ts';
import { createEc2Driver } from './index.ts';

// What options of kitchen-ec2 come to at the API: instances without machines.
const { control, host, left, request, root } = await ec2Lab(tap, 'galley-test-options', { machines: 'none' });
const driver = createEc2Driver(host);
const cloud = new sdk.EC2Client({});
/** The default group: one that is made would have to be waited for at the end of each machine. */
const { SecurityGroups } = await cloud.send(
  new sdk.DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['default'] }] }),
);
const usual = { security_group_ids: SecurityGroups?.[0]?.GroupId, aws_ssh_key_id: '_disable' };
let count = 0;

/** Makes a machine with the settings, looks at it and at what was asked, and destroys it. */
async function made(settings: object, platform = 'debian-12') {
  count += 1;
  const config = driver.config.parse({ ...usual, ...settings });
  const instance = `one-${count}`;
  const given = { project: 'galley-test-options', root, platform, instance, runId: instance };
  const ctx = testContext(config, given);
  await control.clearCalls();
  const machine = await driver.create(ctx, request, async () => undefined);
  const { Reservations } = await cloud.send(
    new sdk.DescribeInstancesCommand({ InstanceIds: [machine.instanceId] }),
  );
  const calls = await control.calls();
  await driver.destroy(ctx, machine);
  const asked = calls.find((one) => one.operation === 'RunInstances')?.parameters ?? {};
  const operations = calls.map((one) => one.operation);
  return { machine, asked, operations, seen: Reservations?.[0]?.Instances?.[0], events: ctx.events };
}

const refused = (settings: object, platform?: string) =>
  made(settings, platform).then(
    () => undefined,
    (error: unknown) => error,
  );

const newest = amiId('debian-12-amd64-20250101-1234');
const older = amiId('debian-12-amd64-20240507-1740');

await tap.test('lock_images: what was found first holds until its line is deleted', async (t) => {
  const path = join(root, 'galley-images.lock.json');
  const lock = async () =>
    JSON.parse(await readFile(path, 'utf8')) as { images: Record<string, { id: string }> };
  t.equal((await made({})).machine.imageId, newest);
  await t.rejects(readFile(path), { code: 'ENOENT' }, 'no file without the option');
  t.equal((await made({ lock_images: true })).machine.imageId, newest);
  const [key = ''] = Object.keys((await lock()).images);
  t.match(key, /^eu-central-1: debian-12-\* of 136693071363, x86_64$/);
  // As if it had been written before the newest one was published.
  await writeFile(
    path,
    JSON.stringify({ v: 1, images: { [key]: { id: older, name: 'debian-12-amd64-20240507-1740' } } }),
  );
  const locked = await made({ lock_images: true });
  t.equal(locked.machine.imageId, older);
  t.notOk(locked.operations.includes('DescribeImages'), 'nothing is looked up');
  t.equal(
    (await made({ lock_images: true }, 'debian-13')).machine.imageId,
    amiId('debian-13-amd64-20250911-2232'),
  );
  t.same(
    Object.values((await lock()).images).map((one) => one.id),
    [older, amiId('debian-13-amd64-20250911-2232')],
  );
  t.equal((await made({})).machine.imageId, newest, 'only with the option');
  const { [key]: _gone, ...others } = (await lock()).images;
  await writeFile(path, JSON.stringify({ v: 1, images: others }));
  t.equal((await made({ lock_images: true })).machine.imageId, newest, 'looked up anew');
  await writeFile(path, '{');
  t.match(await refused({ lock_images: true }), {
    code: 'ec2.bad_lock',
    kind: 'config',
    location: { file: path },
  });
  await rm(path);
});

await tap.test('subnets and security groups are found by their tags and names', async (t) => {
  const { Subnet } = await cloud.send(
    new sdk.CreateSubnetCommand({
      VpcId: (await cloud.send(new sdk.DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId,
      CidrBlock: '172.31.128.0/24',
      AvailabilityZone: 'eu-central-1b',
      TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'env', Value: 'test' }] }],
    }),
  );
  const group = async (name: string) => {
    const tags = [{ ResourceType: 'security-group' as const, Tags: [{ Key: 'team', Value: name }] }];
    const input = { GroupName: name, Description: 'd', VpcId: Subnet?.VpcId, TagSpecifications: tags };
    return (await cloud.send(new sdk.CreateSecurityGroupCommand(input))).GroupId;
  };
  const [a, b] = [await group('first'), await group('second')];
  const byTag = { tag: 'env', value: 'test' };
  const both = [{ name: 'first' }, { tag: 'team', value: 'second' }];
  const found = await made({
    subnet_filter: byTag,
    security_group_filter: both,
    security_group_ids: undefined,
  });
  t.equal(found.seen?.SubnetId, Subnet?.SubnetId);
  t.same(new Set(found.seen?.SecurityGroups?.map((one) => one.GroupId)), new Set([a, b]));
  t.notOk(found.operations.includes('CreateSecurityGroup'), 'none is made');
  const named = await made({ subnet_id: Subnet?.SubnetId, security_group_ids: [a] });
  t.match(named.asked, { SubnetId: Subnet?.SubnetId, 'SecurityGroupId.1': a });
  t.notOk(named.operations.includes('DescribeSubnets'), 'nothing is looked up that is known');
  const placed = await made({ subnet_filter: [byTag], availability_zone: 'b', security_group_ids: a });
  t.equal(placed.seen?.Placement?.AvailabilityZone, 'eu-central-1b');
  t.match(await refused({ subnet_filter: byTag, availability_zone: 'a' }), { code: 'ec2.unknown_subnet' });
  t.match(await refused({ subnet_filter: { tag: 'env', value: 'prod' } }), {
    code: 'ec2.unknown_subnet',
    message: /tag:env prod/,
  });
  t.match(
    await refused({
      security_group_filter: { name: 'first', tag: 'team', value: 'second' },
      security_group_ids: undefined,
    }),
    {
      code: 'ec2.unknown_security_group',
      hint: /security_group_filter/,
    },
  );
  t.match(await refused({ security_group_ids: ['sg-0123456789abcdef0'] }), {
    code: 'ec2.unknown_security_group',
  });
  for (const GroupId of [a, b]) await cloud.send(new sdk.DeleteSecurityGroupCommand({ GroupId }));
});

await tap.test(
  'interfaces: with and without a public address, an address of one’s own, a second one',
  async (t) => {
    const inside = await made({ associate_public_ip: false });
    t.notOk(inside.seen?.PublicIpAddress);
    t.match(inside.machine, { host: inside.seen?.PrivateIpAddress, isDirect: false });
    const outside = await made({ associate_public_ip: true, interface: 'public' });
    t.match(outside.machine, { host: outside.seen?.PublicIpAddress, isDirect: true });
    t.match(outside.asked, {
      'NetworkInterface.1.AssociatePublicIpAddress': 'true',
      'NetworkInterface.1.DeviceIndex': '0',
    });
    const { Subnets } = await cloud.send(new sdk.DescribeSubnetsCommand({}));
    const { NetworkInterface } = await cloud.send(
      new sdk.CreateNetworkInterfaceCommand({ SubnetId: Subnets?.[0]?.SubnetId }),
    );
    const eni = NetworkInterface?.NetworkInterfaceId ?? '';
    const second = await made({ elastic_network_interface_id: eni, interface: 'private' });
    t.ok(second.operations.includes('AttachNetworkInterface'));
    t.equal(second.machine.host, second.seen?.PrivateIpAddress);
  },
);

await tap.test('volumes, placement, shutdown and metadata arrive as they were written', async (t) => {
  const { asked, seen } = await made({
    block_device_mappings: [
      { device_name: '/dev/xvda', ebs: { volume_size: 30, volume_type: 'gp3' } },
      { device_name: '/dev/sdf', ebs: { volume_size: 20, volume_type: 'gp3', encrypted: true } },
    ],
    ebs_optimized: true,
    tenancy: 'dedicated',
    instance_initiated_shutdown_behavior: 'stop',
    metadata_options: {
      http_tokens: 'optional',
      http_put_response_hop_limit: 2,
      instance_metadata_tags: 'enabled',
    },
    tags: { Name: 'mine', empty: null, number: 7 },
  });
  t.match(asked, {
    'BlockDeviceMapping.1.Ebs.VolumeSize': '30',
    'BlockDeviceMapping.2.Ebs.Encrypted': 'true',
    'BlockDeviceMapping.2.Ebs.DeleteOnTermination': 'true',
    EbsOptimized: 'true',
    'Placement.Tenancy': 'dedicated',
    InstanceInitiatedShutdownBehavior: 'stop',
    'MetadataOptions.HttpTokens': 'optional',
    'MetadataOptions.HttpPutResponseHopLimit': '2',
    'MetadataOptions.InstanceMetadataTags': 'enabled',
  });
  t.equal(seen?.BlockDeviceMappings?.length, 2);
  const tags = Object.fromEntries((seen?.Tags ?? []).map(({ Key = '', Value }) => [Key, Value]));
  t.match(tags, { Name: 'mine', empty: '', number: '7' });
});

await tap.test('user data is a text or a file, also one that is packed', async (t) => {
  const data = (asked: Readonly<Record<string, unknown>>) => Buffer.from(String(asked['UserData']), 'base64');
  await writeFile(join(root, 'boot.sh'), '#!/bin/sh\ntouch /made\n');
  t.match((await made({ user_data: 'boot.sh' })).asked, { UserData: /./ });
  t.match(data((await made({ user_data: 'boot.sh' })).asked).toString(), /touch \/made/);
  t.match(data((await made({ user_data: '#!/bin/sh\necho here' })).asked).toString(), /echo here/);
  // Not to be joined with anything: bytes that are no text come through as they are.
  await writeFile(join(root, 'odd'), Buffer.from([1, 2, 0xff, 0xfe]));
  const odd = await made({ user_data: 'odd' });
  t.same(data(odd.asked), Buffer.from([1, 2, 0xff, 0xfe]));
  t.match(
    odd.events.find((one) => one.type === 'notice' && one.level === 'warning'),
    { message: /will not end itself/ },
  );
  t.match(await refused({ user_data: 'no-such-file' }), { code: 'ec2.no_user_data', kind: 'config' });
});

await tap.test(
  'dedicated hosts: used again while there is room, released with the last machine',
  async (t) => {
    const settings = { ...usual, tenancy: 'host', availability_zone: 'a', interface: 'id' };
    const config = (more: object = {}) =>
      driver.config.parse({ ...settings, allocate_dedicated_host: true, instance_type: 'm5.large', ...more });
    const context = (instance: string, more?: object) =>
      testContext(config(more), { project: 'galley-test-hosts', root, instance, runId: 'hosts' });
    const create = (ctx: ReturnType<typeof context>) => driver.create(ctx, request, async () => undefined);
    const contexts = ['a', 'b', 'c'].map((name) => context(name));
    await control.clearCalls();
    const machines = await Promise.all(contexts.map(create));
    const hosts = new Set(machines.map((one) => one.hostId));
    t.equal(hosts.size, 2, 'the first has room for two, also while they are being made');
    const calls = await control.calls();
    const asked = calls.filter((one) => one.operation === 'AllocateHosts').map((one) => one.parameters);
    t.equal(asked.length, 2);
    t.match(asked[0], {
      AvailabilityZone: 'eu-central-1a',
      InstanceFamily: 'm5',
      AutoPlacement: 'off',
      ClientToken: /^galley-host-/,
      'TagSpecification.1.ResourceType': 'dedicated-host',
    });
    t.match(JSON.stringify(asked[0]), /galley\.expires/);
    const launched = calls.find((one) => one.operation === 'RunInstances')?.parameters;
    t.match(launched, { 'Placement.HostId': /^h-/, 'Placement.Tenancy': 'host' });
    for (const [index, ctx] of contexts.entries()) await driver.destroy(ctx, machines[index] ?? {});
    t.same(Object.values(await control.left()).flat(), []);

    const metal = context('metal', { instance_type: ['m5.metal', 'm5d.metal'] });
    const error = { kind: 'error', operation: 'AllocateHosts', code: 'InsufficientHostCapacity' } as const;
    await control.setFaults({ ...error, times: 1 });
    t.match(await create(metal), { instanceType: 'm5d.metal' }, 'the next type when AWS has no such host');
    await driver.destroy(metal, {});
    t.same(Object.values(await control.left()).flat(), [], 'also when nothing is recorded');
    await control.setFaults(error);
    t.match(await create(metal).catch((thrown: unknown) => thrown), { code: 'ec2.no_capacity' });
    await control.setFaults({ kind: 'no-capacity' });
    t.match(await create(metal).catch((thrown: unknown) => thrown), { code: 'ec2.no_capacity' });
    await control.setFaults();
    t.same(Object.values(await control.left()).flat(), [], 'a host without a machine does not stay');

    const kept = context('kept', { deallocate_dedicated_host: false });
    const first = await create(kept);
    await driver.destroy(kept, first);
    t.same((await control.left()).hosts, [first.hostId]);
    const again = context('again');
    const second = await create(again);
    t.equal(second.hostId, first.hostId);
    await driver.destroy(again, second);
    t.same((await control.left()).hosts, []);
  },
);

await tap.test('what is not there is told, and how long is waited', async (t) => {
  t.match(await refused({ iam_profile_name: 'nobody' }), {
    code: 'ec2.unknown_instance_profile',
    message: /nobody/,
  });
  t.match(await refused({ aws_ssh_key_id: 'no-such-key' }), { code: 'ec2.unknown_key_pair' });
  t.match(await refused({ image_id: 'ami-0123456789abcdef0' }), { code: 'ec2.unknown_image' });
  t.match(await refused({ image_search: { name: 'Windows_Server-2022-*' } }), { code: 'ec2.windows' });
  t.same(await left(), []);
  await control.setFaults({ kind: 'slow-pending', ms: 60_000 });
  t.match(await refused({ retryable_tries: 2, retryable_sleep: 0.2 }), {
    code: 'ec2.not_running',
    got: 'pending',
    hint: /retryable_tries/,
  });
  await control.setFaults();
});

await tap.test('a Mac host is held for a day: destroy says so, gc tries', async (t) => {
  const ctx = testContext(
    driver.config.parse({
      ...usual,
      tenancy: 'host',
      availability_zone: 'a',
      interface: 'id',
      allocate_dedicated_host: true,
      instance_type: 'mac1.metal',
    }),
    { project: 'galley-test-mac', root, platform: 'macos-14', instance: 'mac', runId: 'mac' },
  );
  const machine = await driver.create(ctx, request, async () => undefined);
  await driver.destroy(ctx, machine);
  t.match(
    ctx.events.flatMap((one) => (one.type === 'notice' && /host/.test(one.message) ? [one.message] : [])),
    [/costs until it is released, for 24 hours at least/, /cannot be released yet.*galley gc/],
  );
  const found = (await driver.leftovers?.find(ctx.config, 'galley-test-mac', ctx.signal)) ?? [];
  t.match(found, [{ kind: 'dedicated host', id: machine.hostId }]);
  const failed: unknown[] = [];
  await driver.leftovers?.remove(ctx.config, found, (_one, error) => failed.push(error), ctx.signal);
  t.match(failed, [{ message: /MinAllocation/ }]);
});
