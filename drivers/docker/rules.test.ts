import tap from 'tap';
import { platformDoubt, platformImage } from '../../src/images/platforms.ts';
import { chosenImageOrThrow } from './chosen-image.ts';
import { DockerConfig } from './config.ts';
import { decideInit } from './init.ts';
import { hostName } from './names.ts';
import { parsePort, publishedPorts } from './ports.ts';
import { parseSize } from './size.ts';
import { shellWords } from './words.ts';

await tap.test('the image of a platform', async (t) => {
  for (const [platform, init, image] of [
    ['debian-12', undefined, 'dokken/debian-12'],
    ['debian-12', 'systemd', 'dokken/debian-12'],
    ['debian-12', 'none', 'debian:12'],
    ['debian-12.7', undefined, 'dokken/debian-12'],
    ['ubuntu-24.04', undefined, 'dokken/ubuntu-24.04'],
    ['ubuntu-24.04', 'none', 'ubuntu:24.04'],
    ['almalinux-9', undefined, 'dokken/almalinux-9'],
    ['rockylinux-9', 'none', 'rockylinux/rockylinux:9'],
    ['centos-stream-9', 'none', 'dokken/centos-stream-9'],
    ['opensuse-leap-15.6', undefined, 'dokken/opensuse-leap-15.6'],
    ['alpine-3.20', undefined, 'alpine:3.20'],
    ['me/image:tag', undefined, 'me/image:tag'],
    ['scratchpad', undefined, 'scratchpad'],
    // Spellings of Vagrant boxes, clouds and roles, as real kitchens have them.
    ['dokken/ubuntu-24.04', undefined, 'dokken/ubuntu-24.04'],
    ['Ubuntu-24.04', undefined, 'dokken/ubuntu-24.04'],
    ['ubuntu-20-04', undefined, 'dokken/ubuntu-20.04'],
    ['ubuntu2204', undefined, 'dokken/ubuntu-22.04'],
    ['focal', undefined, 'dokken/ubuntu-20.04'],
    ['ubuntu-jammy', 'none', 'ubuntu:22.04'],
    ['bookworm', undefined, 'dokken/debian-12'],
    ['debian-7.11', undefined, 'dokken/debian-7'],
    ['centos-7.2', undefined, 'dokken/centos-7'],
    ['centos-7', 'none', 'centos:7'],
    ['centos-stream-10', undefined, 'dokken/centos-stream-10'],
    ['rocky9', undefined, 'dokken/rockylinux-9'],
    ['almalinux-10', 'none', 'almalinux:10'],
    ['oracle-7.3', undefined, 'dokken/oraclelinux-7'],
    ['oraclelinux-9', 'none', 'oraclelinux:9'],
    ['rhel8', undefined, 'redhat/ubi8-init'],
    ['rhel-9.4', 'none', 'redhat/ubi9'],
    ['fedora-latest', undefined, 'dokken/fedora-latest'],
    ['fedora-42', 'none', 'fedora:42'],
    ['amazonlinux-2023', undefined, 'dokken/amazonlinux-2023'],
    ['amazon-2', undefined, 'dokken/amazonlinux-2'],
    ['amazon2023', 'none', 'amazonlinux:2023'],
    ['opensuse-15', undefined, 'dokken/opensuse-leap-15'],
    ['opensuse-leap-42.1', 'none', 'opensuse/leap:42.1'],
    ['opensuse-13.2', undefined, 'opensuse:13.2'],
    ['ubuntu1804-ansible-latest', undefined, 'ubuntu1804-ansible-latest'],
    ['alinux2', undefined, 'dokken/amazonlinux-2'],
    ['aws-ubuntu-18.04', undefined, 'dokken/ubuntu-18.04'],
    ['windows-2019', undefined, undefined],
    ['macosx-10.11', undefined, undefined],
    ['freebsd-10.2', undefined, undefined],
  ] as const) {
    t.equal(platformImage(platform, init), image, `${platform} ${init ?? ''}`);
  }
});

await tap.test('a platform that no image is known of is doubtful, with what was meant', async (t) => {
  for (const [platform, doubt] of [
    [
      'debain-12',
      'no image is known for the platform debain-12, so debain:12 is taken: did you mean debian-12?',
    ],
    ['ubunto-24.04', /did you mean ubuntu-24\.04\?/],
    ['centso', /did you mean centos\?/],
    ['gnewsense-12', /so gnewsense:12 is taken: driver\.image names one/],
    ['ubuntu1804-ansible-latest', /driver\.image names one/],
    ['windows-2019', /no Linux/],
  ] as const) {
    t.match(platformDoubt(platform), doubt, platform);
  }
  const fine = [
    'debian-12',
    'debian',
    'bookworm',
    'rocky9',
    'opensuse-13.2',
    'alpine-3.19',
    'me/my-image',
    'x:1',
  ];
  for (const platform of fine) t.equal(platformDoubt(platform), undefined, platform);
});

await tap.test('what is no Linux has no image and says so', async (t) => {
  t.throws(
    () =>
      chosenImageOrThrow(
        { suite: 'a', platform: 'windows-2019', name: 'a-windows-2019' },
        DockerConfig.parse({}),
      ),
    {
      code: 'docker.no_image',
      message: /windows-2019.*no Linux/,
      hint: /--platform/,
    },
  );
});

await tap.test('whether systemd is process 1', async (t) => {
  const none = { wanted: undefined, command: undefined, imageRef: 'x', imageCommand: ['bash'] } as const;
  t.equal(decideInit(none), 'none');
  t.equal(decideInit({ ...none, imageRef: 'dokken/debian-12' }), 'systemd');
  t.equal(decideInit({ ...none, imageCommand: ['/usr/lib/systemd/systemd'] }), 'systemd');
  t.equal(decideInit({ ...none, command: ['/sbin/init'] }), 'systemd');
  t.equal(decideInit({ ...none, imageRef: 'dokken/debian-12', command: ['sh', '-c', 'x'] }), 'none');
  t.equal(decideInit({ ...none, command: ['/sbin/init'], wanted: 'none' }), 'none');
  t.equal(decideInit({ ...none, command: ['/app/bin/init'] }), 'none', 'an init of the application');
});

const brief = (spec: string) =>
  parsePort(spec)?.map((p) => `${p.hostIp ?? ''}:${p.hostPort}:${p.containerPort}/${p.protocol}`);

await tap.test('ports', async (t) => {
  t.same(brief('80'), [':0:80/tcp']);
  t.same(brief('8080:80'), [':8080:80/tcp']);
  t.same(brief('10.0.0.1::80'), ['10.0.0.1:0:80/tcp']);
  t.same(brief('10.0.0.1:8080:80/udp'), ['10.0.0.1:8080:80/udp']);
  t.same(brief('[::1]:8080:80'), ['::1:8080:80/tcp']);
  t.same(brief('8000-8001:80-81'), [':8000:80/tcp', ':8001:81/tcp']);
  for (const bad of ['', 'http', '70000', '80:', '2-1', '1-3:1-2', '80/sctp'])
    t.equal(brief(bad), undefined, bad);
  const published = {
    '80/tcp': [
      { HostIp: '0.0.0.0', HostPort: '32768' },
      { HostIp: '::', HostPort: '32768' },
    ],
    '81/tcp': [{ HostIp: '127.0.0.1', HostPort: '1' }],
    '82/tcp': null,
    '53/udp': [{ HostIp: '', HostPort: '53' }],
  };
  t.same(publishedPorts(published, 'unix:///var/run/docker.sock'), {
    80: { host: '127.0.0.1', port: 32_768 },
    81: { host: '127.0.0.1', port: 1 },
  });
  t.match(publishedPorts(published, 'tcp://build.example:2376'), { 80: { host: 'build.example' } });
});

await tap.test('words, sizes, names', async (t) => {
  t.same(shellWords(`sh -c "trap 'exit 0' TERM; \\"x\\"" a\\ b ''`), [
    'sh',
    '-c',
    `trap 'exit 0' TERM; "x"`,
    'a b',
    '',
  ]);
  t.equal(shellWords('sh -c "x'), undefined);
  t.same(['1', '1k', '1.5g', '10mb', '1GiB', 'x', '-1'].map(parseSize), [
    1,
    1024,
    1.5 * 1024 ** 3,
    10 * 1024 ** 2,
    1024 ** 3,
    undefined,
    undefined,
  ]);
  t.equal(hostName('Default_Ubuntu 24.04'), 'default-ubuntu-24-04');
  t.not(hostName(`${'a'.repeat(70)}1`), hostName(`${'a'.repeat(70)}2`), 'long names stay distinct');
});
