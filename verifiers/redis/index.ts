import { hidden } from '../../src/checks/redact.ts';
import { type LooksOf, type OneLook, withRepeat } from '../../src/checks/with-repeat.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgeRedis } from './judge.ts';
import { observeRedis, type RedisFacts } from './observe.ts';
import { type RedisSpec, redisSpec } from './schema.ts';

const one: OneLook<RedisSpec, RedisFacts> = {
  name: 'redis',
  description: 'a redis or valkey server: reply of a command, a key’s value, type and ttl, fields of INFO',
  spec: redisSpec,
  title: ({ redis }) =>
    'key' in redis ? `redis key ${redis.key}` : `redis ${shown(redis.command).slice(0, 60)}`,
  companions: (spec) => (spec.in === undefined || spec.in === 'instance' ? [] : [spec.in]),
  needs: () => ({}),
  observe: observeRedis,
  judge: judgeRedis,
};

/** A redis or valkey server, asked with its own client where it runs, or with its protocol from the instance. */
export const redisVerifier: Verifier<RedisSpec, LooksOf<RedisFacts>> = withRepeat(one);

/** What follows `AUTH` or a word like `requirepass` is a secret. */
function shown(words: readonly string[]): string {
  return words
    .map((word, at) => {
      const before = words[at - 1];
      return before !== undefined && /^auth$|pass|secret|token/i.test(before) ? hidden(word) : word;
    })
    .join(' ');
}
