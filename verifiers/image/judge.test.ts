import tap from 'tap';
import type { ImageFacts } from '../../src/core/surroundings.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { imageVerifier } from './index.ts';
import { judgeImage } from './judge.ts';
import { imageSpec } from './schema.ts';

const facts: ImageFacts = {
  ref: 'postgres:15',
  id: 'sha256:1',
  env: { LANG: 'C.UTF-8', DB_PASSWORD: 'n0t-s3cret' },
  ports: ['5432/tcp'],
  labels: { maintainer: 'us' },
  entrypoint: ['/usr/local/bin/docker-entrypoint.sh'],
  command: ['postgres'],
  user: '',
  volumes: ['/var/lib/postgresql/data'],
  workdir: '/srv',
};
const judge = (given: object, more: Partial<ImageFacts> = {}) =>
  judgeImage(imageSpec.parse({ image: 'db', ...given }), { ...facts, ...more });

await tap.test('each attribute passes and fails', (t) => {
  const rows: [object, object][] = [
    [{ ref: 'postgres:15' }, { ref: { startsWith: 'mysql' } }],
    [{ env: { LANG: '/UTF-8/' } }, { env: { LANG: 'C' } }],
    [{ env: { DEBUG: { absent: true } } }, { env: { LANG: { absent: true } } }],
    [{ env: { DEBUG: { not: '1' } } }, { env: { DEBUG: '1' } }],
    [{ ports: '5432/tcp' }, { ports: { none: '5432/tcp' } }],
    [{ ports: { exactly: ['5432/tcp'] } }, { ports: { exactly: [] } }],
    [{ labels: { maintainer: 'us' } }, { labels: { maintainer: 'them' } }],
    [{ entrypoint: { endsWith: 'entrypoint.sh' } }, { entrypoint: '/bin/sh' }],
    [{ command: { equal: ['postgres'] } }, { command: { exactly: [] } }],
    [{ user: 'root' }, { user: { not: 'root' } }],
    [{ volumes: '/var/lib/postgresql/data' }, { volumes: { none: '/var/lib/postgresql/data' } }],
    [{ workdir: '/srv' }, { workdir: '/' }],
  ];
  for (const [good, bad] of rows) {
    t.match(judge(good), [{ outcome: 'pass' }], JSON.stringify(good));
    t.match(judge(bad), [{ outcome: 'fail' }], JSON.stringify(bad));
  }
  t.match(judge({ user: 'www-data' }, { user: 'www-data' }), [{ outcome: 'pass' }]);
  t.match(judge({ env: { DEBUG: 'x' } })[0]?.notes, ['set: LANG, DB_PASSWORD']);
  t.end();
});

await tap.test('values of secrets are not shown', (t) => {
  const shown = JSON.stringify(judge({ env: { DB_PASSWORD: 'other' } }));
  t.notMatch(shown, 'n0t-s3cret');
  t.match(shown, /differs \(‹10 chars›\)/);
  t.end();
});

await tap.test('without an image it cannot be looked at, and asking nothing is a mistake', async (t) => {
  const spec = imageSpec.parse({ image: 'instance', user: 'root' });
  await t.rejects(imageVerifier.observe(spec, {} as Probe), { message: /no image/ });
  t.notOk(imageSpec.safeParse({ image: 'db' }).success);
  t.notOk(imageSpec.safeParse({ image: 'db', user: 'x', cmd: 'x' }).success);
  t.same(imageVerifier.companions?.(imageSpec.parse({ image: 'db', user: 'x' })), ['db']);
});
