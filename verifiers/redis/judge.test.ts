import tap from 'tap';
import type { Companion } from '../../src/core/surroundings.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { redisVerifier } from './index.ts';
import { judgeRedis } from './judge.ts';
import type { KeyFacts, RedisFacts } from './observe.ts';
import { redisSpec } from './schema.ts';

const facts: RedisFacts = {
  refusal: undefined,
  reply: 'PONG',
  key: undefined,
  info: { role: 'master', connected_clients: 3 },
  source: 'redis',
};
const key: KeyFacts = { exists: true, type: 'hash', ttlSeconds: 60, value: { user: 'x' } };
const judge = (given: object, more: Partial<RedisFacts> = {}) =>
  judgeRedis(redisSpec.parse({ redis: 'PING', ...given }), { ...facts, ...more });
const judgeKey = (given: object, more: Partial<KeyFacts> = {}) =>
  judge({ redis: { key: 'session:1' }, ...given }, { key: { ...key, ...more } });

await tap.test('each attribute passes and fails', (t) => {
  t.match(judge({ value: 'PONG' }), [{ outcome: 'pass' }]);
  t.match(judge({ value: 'OK' }), [{ outcome: 'fail' }]);
  t.match(judge({ info: { role: 'master', connected_clients: { lt: 5 } } }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(judge({ info: { role: 'slave', nope: { present: true } } }), [
    { outcome: 'fail' },
    { outcome: 'fail', notes: ['INFO has no such field'] },
  ]);
  t.match(
    judgeKey({ type: 'hash', ttl: { lte: 60 }, value: { hasKey: 'user' } }).map((r) => r.outcome),
    Array.from({ length: 4 }, () => 'pass'),
  );
  t.match(judgeKey({ type: 'list' })[1], { outcome: 'fail' });
  t.match(judgeKey({ ttl: { absent: true } })[1], { outcome: 'fail' });
  t.match(judgeKey({ ttl: { absent: true } }, { ttlSeconds: undefined })[1], { outcome: 'pass' });
  t.match(judgeKey({ value: { hasKey: 'x' } })[1], { outcome: 'fail' });
  t.match(judgeKey({ value: 'x' }, { exists: false }), [{ property: 'exists', outcome: 'fail' }]);
  t.match(judgeKey({ exists: false }, { exists: false }), [{ outcome: 'pass' }]);
  t.match(judgeKey({ exists: false }), [{ outcome: 'fail' }]);
  t.end();
});

await tap.test('no reply says which, and may be wanted', (t) => {
  const refusal = { error: 'auth', text: 'NOAUTH' } as const;
  t.match(judge({ value: 'PONG' }, { refusal }), [{ outcome: 'fail', observed: 'login refused: NOAUTH' }]);
  t.match(judge({ error: 'auth' }, { refusal }), [{ outcome: 'pass' }]);
  t.match(judge({ error: 'refused' }, { refusal }), [{ outcome: 'fail' }]);
  t.match(judge({ error: 'auth' }), [{ outcome: 'fail', observed: 'it replied' }]);
  t.match(judge({ error: 'none' }), [{ outcome: 'pass', observed: 'it replied' }]);
  t.end();
});

await tap.test('the value of a secret key is not shown, and mistakes are refused', (t) => {
  const shown = judgeRedis(redisSpec.parse({ redis: { key: 'api_token' }, value: 'y' }), {
    ...facts,
    key: { ...key, value: 'hush-hush' },
  });
  t.notMatch(JSON.stringify(shown), 'hush-hush');
  const wrong = [
    { redis: '' },
    { redis: [] },
    { redis: {} },
    { redis: 'PING', ttl: 1 },
    { redis: 'SUBSCRIBE x' },
    { redis: 'PING', error: 'auth', value: 1 },
    { redis: { key: 'x' }, exists: false, value: 1 },
    { redis: 'PING', value: 1, nope: 1 },
    { redis: 'GET x' },
  ];
  for (const raw of wrong) t.notOk(redisSpec.safeParse(raw).success, JSON.stringify(raw));
  t.end();
});

await tap.test('whom it asks, and how it is called', async (t) => {
  const asked: string[] = [];
  const companion = (name: string, url: string): Companion =>
    ({
      address: { host: name, port: 6379, url, password: undefined },
      execute: async (argv: readonly string[]) => {
        asked.push(`${name} ${argv.slice(4).join(' ')}`);
        const stdout = '"PONG"\ngalley-resp-3f7a1c\n';
        return { exitCode: 0, stdout, stderr: 'galley-tool redis-cli\n', durationMs: 1, via: 'exec' };
      },
    }) as unknown as Companion;
  const observe = (given: object, ...names: string[]) =>
    redisVerifier.observe(redisSpec.parse({ redis: 'PING', error: 'none', ...given }), {
      around: {
        companions: new Map(
          names.map((name) => [name, companion(name, name === 'db' ? 'postgresql://db' : `redis://${name}`)]),
        ),
      },
      signal: new AbortController().signal,
    } as unknown as Probe);
  t.match(await observe({}, 'db', 'cache'), {
    facts: { reply: 'PONG', source: 'redis in cache, by redis-cli' },
  });
  t.same(asked, ['cache cache 6379 10 0']);
  await t.rejects(observe({}, 'cache', 'queue'), /in: cache or queue/);
  await t.rejects(observe({ in: 'x' }, 'cache'), /x was not started/);
  const title = (redis: unknown) => redisVerifier.title(redisSpec.parse({ redis, error: 'none' }));
  t.equal(title(['AUTH', 'hush']), 'redis AUTH ‹4 chars›');
  t.equal(title('CONFIG SET requirepass hush'), 'redis CONFIG SET requirepass ‹4 chars›');
});
