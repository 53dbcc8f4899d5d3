import tap from 'tap';
import { judgeMount, type MountCheckFacts } from './judge.ts';
import { mountSpec } from './schema.ts';

const mount = (path: string, more: object = {}) => ({
  path,
  source: '/dev/sda1',
  fs: 'ext4',
  options: ['rw', 'upperdir=/x'],
  root: '/',
  ...more,
});
const FACTS: MountCheckFacts = {
  mounts: {
    mounts: [mount('/'), mount('/srv/data', { root: '/sub' })],
    usage: new Map([
      ['/', { value: { totalKb: 1000, freeKb: 250, percent: 75 } }],
      ['/srv/data', { error: 'df took longer than 10 s' }],
    ]),
  },
  via: 'exec',
};
const judge = (raw: object) => judgeMount(mountSpec.parse(raw), FACTS);

await tap.test('space is in bytes and percent, and an error when df hangs', (t) => {
  t.match(
    judge({ mount: '/', usage: 75, free: 256_000, size: 1_024_000 }),
    [1, 2, 3, 4].map(() => ({ outcome: 'pass' })),
  );
  t.match(judge({ mount: '/', usage: { lt: 75 } })[1], {
    outcome: 'fail',
    notes: ['0.2 MiB of 1.0 MiB free'],
  });
  t.match(judge({ mount: '/srv/data/', usage: { not: 3 } })[1], { outcome: 'error', observed: /10 s/ });
  t.end();
});

await tap.test('a path that is no mount point says what it lies in and what lies below it', (t) => {
  t.match(judge({ mount: '/srv' }), [
    { outcome: 'fail', notes: [/it lies in \/ \(ext4/, 'mounted below it: /srv/data'] },
  ]);
  t.match(judge({ mount: '/srv/data', mounted: false }), [
    { outcome: 'fail', observed: 'mounted (ext4 of /dev/sda1, its /sub; rw)' },
  ]);
  for (const bad of [
    { mount: 'data' },
    { mount: '/', mounted: false, fs: 'x' },
    { mount: '/', option: 'ro' },
  ])
    t.notOk(mountSpec.safeParse(bad).success, JSON.stringify(bad));
  t.end();
});

await tap.test('a link to a mount is none: that is told, and no pass', (t) => {
  const file = { path: '/var/data', exists: true, type: 'symlink', target: '/srv/data' } as const;
  const judged = (raw: object) =>
    judgeMount(mountSpec.parse({ mount: '//var/data/', ...raw }), { ...FACTS, file });
  t.match(judged({ mounted: false }), [{ outcome: 'error', observed: /link to \/srv\/data/ }]);
  t.match(judged({}), [{ outcome: 'fail', notes: ['it is a link to /srv/data', /lies in/] }]);
  t.end();
});
