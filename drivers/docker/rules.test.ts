import tap from 'tap';
import { decideInit } from './init.ts';
import { hostName } from './names.ts';
import { platformImage } from './platform-image.ts';
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
  ] as const) {
    t.equal(platformImage(platform, init), image, `${platform} ${init ?? ''}`);
  }
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
