import type { Image } from '@aws-sdk/client-ec2';
import tap from 'tap';
import { describeFilters, ownFilters, platformFilters, rankImages } from './image-search.ts';
import { parsePlatform } from './platform.ts';

const image = (
  Name: string,
  CreationDate = '2026-01-01T00:00:00.000Z',
  rest: Partial<Image> = {},
): Image => ({
  ImageId: `ami-${Name.length}`,
  Name,
  CreationDate,
  VirtualizationType: 'hvm',
  RootDeviceType: 'ebs',
  RootDeviceName: '/dev/xvda',
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3' } }],
  ...rest,
});
const best = (platform: string | undefined, ...images: Image[]) =>
  rankImages(images, platform === undefined ? undefined : parsePlatform(platform)).map((one) => one.Name);

await tap.test('8.10 is newer than 8.9: kitchen-ec2 compares versions of images as floats', async (t) => {
  t.same(best('rhel-8', image('RHEL-8.9.0_HVM-20240101-x86_64'), image('RHEL-8.10.0_HVM-20230101-x86_64')), [
    'RHEL-8.10.0_HVM-20230101-x86_64',
    'RHEL-8.9.0_HVM-20240101-x86_64',
  ]);
});

await tap.test('a version is not the beginning of another one', async (t) => {
  t.same(best('rhel-8.1', image('RHEL-8.10.0_HVM-x'), image('RHEL-8.1.0_HVM-x')), ['RHEL-8.1.0_HVM-x']);
  t.same(best('debian-12.5', image('debian-12-amd64-1')), ['debian-12-amd64-1'], 'its names have no minor');
});

await tap.test('the same version: the newest date, and the kind of disk before it', async (t) => {
  const old = image('debian-12-amd64-1', '2025-01-01T00:00:00Z');
  const young = image('debian-12-amd64-2', '2026-01-01T00:00:00Z');
  const magnetic = image('debian-12-amd64-3', '2026-06-01T00:00:00Z', { BlockDeviceMappings: [] });
  t.same(best('debian-12', old, magnetic, young), [
    'debian-12-amd64-2',
    'debian-12-amd64-1',
    'debian-12-amd64-3',
  ]);
});

await tap.test('previews and other kernels are taken when there is nothing else', async (t) => {
  t.equal(
    best('debian-12', image('debian-12-backports-amd64-9', '2027'), image('debian-12-amd64-1'))[0],
    'debian-12-amd64-1',
  );
  t.equal(
    best('alma', image('AlmaLinux OS Kitten 10'), image('AlmaLinux OS 9.4.2024 x86_64'))[0],
    'AlmaLinux OS 9.4.2024 x86_64',
  );
  t.equal(best('rhel', image('RHEL-10.0.0_HVM_Beta-1'), image('RHEL-9.4.0_HVM-1'))[0], 'RHEL-9.4.0_HVM-1');
  t.equal(
    best(
      'fedora',
      image('Fedora-Cloud-Base-Rawhide-1'),
      image('Fedora-Cloud-Base-AmazonEC2.x86_64-40-1.14'),
    )[0],
    'Fedora-Cloud-Base-AmazonEC2.x86_64-40-1.14',
  );
  t.equal(
    best(
      'freebsd-14',
      image('FreeBSD 14.1-RELEASE-amd64'),
      image('FreeBSD 14.1-RELEASE-amd64 cloud-init'),
    )[0],
    'FreeBSD 14.1-RELEASE-amd64 cloud-init',
  );
  t.same(best('debian-12', image('debian-12-backports-amd64-9')), ['debian-12-backports-amd64-9']);
});

await tap.test('a rolling release is the newest of its major version, as with kitchen-ec2', async (t) => {
  t.equal(
    best('centos-8', image('CentOS 8.4.2105 x86_64'), image('CentOS Stream 8 x86_64'))[0],
    'CentOS Stream 8 x86_64',
  );
});

await tap.test('each family of the reference is searched by owner and name', async (t) => {
  const of = (name: string) => {
    const platform = parsePlatform(name);
    return platform ? describeFilters(platformFilters(platform, 'x86_64')) : undefined;
  };
  t.equal(of('debian-12'), 'debian-12-* of 136693071363, x86_64');
  t.equal(of('debian-9'), 'debian-stretch-* of 379101102735, x86_64');
  t.equal(of('debian-bookworm'), 'debian-12-* of 136693071363, x86_64');
  t.equal(of('debian'), 'debian-* of 136693071363, x86_64');
  t.equal(of('ubuntu-24.04'), 'ubuntu/images/*/ubuntu-*-24.04* of 099720109477, x86_64');
  t.equal(of('ubuntu2204'), 'ubuntu/images/*/ubuntu-*-22.04* of 099720109477, x86_64');
  t.equal(of('amazon2023'), 'al2023-ami-2023.* of 137112412989, x86_64');
  t.equal(of('amazon-2'), 'amzn2-ami-hvm-2.0.* of 137112412989, x86_64');
  t.equal(of('amazon'), 'amzn-ami-* of 137112412989, x86_64');
  t.equal(of('almalinux-9'), 'AlmaLinux OS 9* of 764336703387, x86_64');
  t.equal(of('rocky-9.4'), 'Rocky-9.4-* or Rocky-9-*-9.4-* of 792107900819, x86_64');
  t.equal(of('el-7'), 'RHEL-7* of 309956199498, x86_64');
  t.equal(of('centos-stream-9'), 'CentOS Stream 9* of 125523088429, x86_64');
  t.match(of('centos-7'), /^CentOS 7\* or CentOS-7\*-GA-\* or CentOS Linux 7\*/);
  t.match(of('fedora-40'), /^Fedora-Cloud-Base-AmazonEC2\.\*-40-\* or Fedora-Cloud-Base-40-\*/);
  t.match(of('freebsd-14'), /^FreeBSD 14\*-RELEASE\*/);
  t.match(of('macos-14'), /^amzn-ec2-macos-14\*/);
  t.equal(of('solaris-11'), undefined);
});

await tap.test('a search of the user is completed, not overruled', async (t) => {
  t.equal(describeFilters(ownFilters({ name: ['mine-*'] }, 'arm64')), 'mine-*, arm64');
  t.equal(
    describeFilters(ownFilters({ name: ['a', 'b'], architecture: ['i386'], 'tag:x': ['1'] }, 'arm64')),
    'a or b, i386, tag:x 1',
  );
});
