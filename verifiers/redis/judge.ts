import { judgeValue } from '../../src/checks/judge-value.ts';
import { isSecretName, redactText } from '../../src/checks/redact.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { KeyFacts, RedisFacts } from './observe.ts';
import type { RedisErrorKind, RedisSpec } from './schema.ts';

const WORDS: Readonly<Record<RedisErrorKind, string>> = {
  refused: 'connection refused',
  unreachable: 'server not reachable',
  auth: 'login refused',
  command: 'the command failed',
  timeout: 'timeout',
};

/** Pure. No reply gates the rest, and so does a key that is not there. */
export function judgeRedis(spec: RedisSpec, facts: RedisFacts): CheckResult[] {
  const { refusal, source } = facts;
  if (spec.error) {
    if (refusal)
      return [judgeValue('error', refusal.error, spec.error, { source, notes: [redactText(refusal.text)] })];
    return [{ ...judgeValue('error', 'none', spec.error, { source }), observed: 'it replied' }];
  }
  if (refusal) {
    const observed = `${WORDS[refusal.error]}: ${redactText(refusal.text)}`;
    return [{ property: 'reply', outcome: 'fail', expected: 'a reply', observed, source }];
  }
  const info = Object.entries(spec.info ?? {}).map(([field, wanted]) => {
    const known = facts.info ?? {};
    const value = Object.hasOwn(known, field) ? known[field] : undefined;
    const notes = value === undefined ? ['INFO has no such field'] : [];
    return judgeValue(`info.${field}`, value, wanted, { source, notes });
  });
  if (facts.key) return [...judgeKey(spec, facts.key, source), ...info];
  const secret = 'command' in spec.redis && spec.redis.command.some(isSecretName);
  if (spec.value) return [judgeValue('value', facts.reply, spec.value, { source, secret }), ...info];
  return info;
}

function judgeKey(spec: RedisSpec, key: KeyFacts, source: string): CheckResult[] {
  const isWanted = spec.exists ?? true;
  const exists: CheckResult = {
    property: 'exists',
    outcome: key.exists === isWanted ? 'pass' : 'fail',
    expected: isWanted ? 'exists' : 'does not exist',
    observed: key.exists ? `exists (${key.type})` : 'does not exist',
    source,
  };
  if (!key.exists || !isWanted) return [exists];
  const secret = 'key' in spec.redis && isSecretName(spec.redis.key);
  const results = [exists];
  if (spec.type) results.push(judgeValue('type', key.type, spec.type, { source }));
  if (spec.ttl) results.push(judgeValue('ttl', key.ttlSeconds, spec.ttl, { source }));
  if (spec.value) results.push(judgeValue('value', key.value, spec.value, { source, secret }));
  return results;
}
