import type { Instance } from '@aws-sdk/client-ec2';
import tap from 'tap';
import { addressOf, isReachable } from './address.ts';

const all: Instance = {
  InstanceId: 'i-1',
  PublicDnsName: 'ec2.example',
  PublicIpAddress: '198.51.100.7',
  PrivateIpAddress: '10.0.0.7',
  PrivateDnsName: 'ip-10-0-0-7.internal',
  Ipv6Address: '2001:db8::7',
};

await tap.test('interface: names the address, as in kitchen-ec2', async (t) => {
  for (const [by, address] of [
    ['dns', 'ec2.example'],
    ['public', '198.51.100.7'],
    ['private', '10.0.0.7'],
    ['private_dns', 'ip-10-0-0-7.internal'],
    ['id', 'i-1'],
    [undefined, 'ec2.example'],
  ] as const)
    t.equal(addressOf(all, by), address, by ?? 'none');
});

await tap.test(
  'what EC2 leaves empty is no address; the next one is taken only where none is named',
  async (t) => {
    const inside = {
      ...all,
      PublicDnsName: '',
      PublicIpAddress: undefined,
      Ipv6Address: undefined,
    } as Instance;
    t.equal(addressOf({ ...all, PublicDnsName: '' }, undefined), '198.51.100.7');
    t.equal(addressOf(inside, undefined), '10.0.0.7');
    t.equal(addressOf(inside, 'dns'), undefined);
    t.equal(addressOf({ ...inside, Ipv6Address: '2001:db8::7' }, 'public'), '2001:db8::7');
  },
);

await tap.test('only public addresses are taken to lead there from here', async (t) => {
  t.equal(isReachable(all, 'ec2.example'), true);
  t.equal(isReachable(all, '2001:db8::7'), true);
  t.equal(isReachable(all, '10.0.0.7'), false);
  t.equal(isReachable(all, 'i-1'), false);
});
