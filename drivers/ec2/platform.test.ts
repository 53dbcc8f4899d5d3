import tap from 'tap';
import type { GalleyError } from '../../src/core/errors.ts';
import { Ec2Config } from './config.ts';
import { familyOfImage } from './families.ts';
import { plannedImage, priceOf, unpricedTypes } from './image-words.ts';
import { architectureOf, chooseTypes } from './instance-type.ts';
import { assertNotWindows, parsePlatform, unknownPlatform } from './platform.ts';

const code = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as GalleyError).code;
  }
};

await tap.test('a platform may end with an architecture', async (t) => {
  t.match(parsePlatform('debian-12-arm64'), { versionText: '12', architecture: 'arm64' });
  t.match(parsePlatform('ubuntu-arm64'), { versionText: '', architecture: 'arm64' });
  t.equal(parsePlatform('arm64'), undefined);
  t.equal(parsePlatform(''), undefined);
});

await tap.test('the user that an image lets in', async (t) => {
  const user = (name: string): string | undefined => {
    const platform = parsePlatform(name);
    return platform?.family.user(platform.version);
  };
  t.same(
    ['debian-12', 'ubuntu-24.04', 'rocky-9', 'fedora-40', 'alma-9', 'amazon2', 'macos', 'freebsd'].map(user),
    ['admin', 'ubuntu', 'rocky', 'fedora', 'ec2-user', 'ec2-user', 'ec2-user', 'ec2-user'],
  );
  t.same(['centos-7', 'centos-9', 'centos', 'centos-stream-8'].map(user), [
    'centos',
    'ec2-user',
    'ec2-user',
    'centos',
  ]);
  t.same(['rhel-6.3', 'rhel-6.10', 'rhel'].map(user), ['root', 'ec2-user', 'ec2-user']);
});

await tap.test('an image is recognised by its name', async (t) => {
  const family = (name: string) => familyOfImage(name)?.family.name;
  t.equal(family('ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20240801'), 'ubuntu');
  t.equal(family('amzn2-ami-kernel-5.10-hvm-2.0.20240719.0-x86_64-gp2'), 'amazon2');
  t.same(familyOfImage('Rocky-9-EC2-Base-9.4-20240523.0.x86_64')?.version, [9, 4]);
  t.same(familyOfImage('debian-jessie-amd64-hvm-2017')?.version, [8]);
  t.equal(family('my own thing'), undefined);
});

await tap.test('the processor of an instance type is in its name', async (t) => {
  const arm = [
    't4g.micro',
    'm7gd.large',
    'c6gn.xlarge',
    'im4gn.large',
    'is4gen.large',
    'a1.medium',
    'hpc7g.4xlarge',
    'g5g.xlarge',
  ];
  const intel = [
    't3.micro',
    'm5.large',
    'g4dn.xlarge',
    'g6.xlarge',
    'c7i-flex.large',
    'u-6tb1.metal',
    'x2iedn.large',
    'p4de.24xlarge',
  ];
  t.same(
    arm.map(architectureOf),
    arm.map(() => 'arm64'),
  );
  t.same(
    intel.map(architectureOf),
    intel.map(() => 'x86_64'),
  );
  t.equal(architectureOf('mac2-m2.metal'), 'arm64_mac');
  t.equal(architectureOf('mac1.metal'), 'x86_64_mac');
});

await tap.test('platform and instance type must have one processor', async (t) => {
  t.same(chooseTypes([], 'arm64', false), { types: ['t4g.micro'], architecture: 'arm64' });
  t.same(chooseTypes([], undefined, false), { types: ['t3.micro'], architecture: 'x86_64' });
  t.same(chooseTypes(['t3.micro'], 'i386', false).architecture, 'i386');
  t.equal(
    code(() => chooseTypes(['t3.micro'], 'arm64', false)),
    'ec2.architecture_mismatch',
  );
  t.equal(
    code(() => chooseTypes(['t3.micro', 't4g.micro'], undefined, false)),
    'ec2.architecture_mismatch',
  );
  t.equal(
    code(() => chooseTypes([], undefined, true)),
    'ec2.mac_needs_host',
  );
});

await tap.test('an unknown platform is told what is near', async (t) => {
  t.match(unknownPlatform('debain-12').hint, /did you mean debian\?.*image_id/);
});

await tap.test('Windows is refused, by the name of the platform or by the image', async (t) => {
  t.equal(
    code(() => plannedImage('windows-2022', Ec2Config.parse({}))),
    'ec2.windows',
  );
  t.equal(
    code(() => plannedImage('Win2019', Ec2Config.parse({ image_id: 'ami-1' }))),
    'ec2.windows',
  );
  t.equal(
    code(() => assertNotWindows({ Platform: 'windows' }, 'app-server')),
    'ec2.windows',
  );
  t.equal(
    code(() => assertNotWindows({}, 'app-server')),
    undefined,
  );
});

await tap.test('the price of a machine is that of the dearest type it may become', async (t) => {
  const price = (config: object, platform = 'debian-12') => priceOf(platform, Ec2Config.parse(config));
  t.equal(price({}), undefined);
  t.equal(price({ prices: { 't3.micro': 0.01 } }), 0.01);
  t.equal(price({ prices: { 't3.micro': 0.01 } }, 'debian-12-arm64'), undefined);
  t.equal(price({ instance_type: ['a', 'b'], prices: { a: 1, b: 2 } }), 2);
  t.equal(price({ instance_type: ['a', 'b'], prices: { a: 1 } }), undefined);
  const unpriced = (config: object) => unpricedTypes('debian-12', Ec2Config.parse(config));
  t.same(unpriced({ instance_type: ['a', 'b', 'c'], prices: { b: 1 } }), ['a', 'c']);
  t.same(unpriced({ instance_type: ['a', 'b'] }), [], 'nobody asked for prices');
});
