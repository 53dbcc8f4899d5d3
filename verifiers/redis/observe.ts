import { hidden } from '../../src/checks/redact.ts';
import type { Companion } from '../../src/core/surroundings.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { type Asked, askRedis, type Execute, type RedisTarget } from './ask.ts';
import type { RedisValue, Reply } from './resp.ts';
import type { RedisErrorKind, RedisSpec } from './schema.ts';

export interface RedisFacts {
  /** Set when there was no reply. */
  readonly refusal: { readonly error: RedisErrorKind; readonly text: string } | undefined;
  /** Of a command. */
  readonly reply: RedisValue | undefined;
  readonly key: KeyFacts | undefined;
  readonly info: Readonly<Record<string, string | number>> | undefined;
  readonly source: string;
}

export interface KeyFacts {
  readonly exists: boolean;
  readonly type: string;
  /** Undefined: it never expires. */
  readonly ttlSeconds: number | undefined;
  readonly value: unknown;
}

interface Place {
  readonly words: string;
  readonly target: RedisTarget;
  readonly execute: Execute;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Throws when there is nothing to ask with; that the server refuses is an observation. */
export async function observeRedis(spec: RedisSpec, probe: Probe): Promise<RedisFacts> {
  const place = placeOf(spec, probe);
  const ask = (commands: readonly (readonly string[])[]): Promise<Asked> =>
    askRedis(commands, place.target, place.execute, probe.signal);
  const info = spec.info ? [['INFO']] : [];
  const wanted = 'key' in spec.redis ? keyCommands(spec.redis.key) : [spec.redis.command];
  const first = await ask([...wanted, ...info]);
  const source = `redis ${place.words}, by ${first.by}`;
  const none = { reply: undefined, key: undefined, info: undefined, source };
  if (first.kind === 'none') return { ...none, refusal: shownRefusal(first, place.target.password) };
  const replies = first.replies;
  const bad = replies.find((one): one is Extract<Reply, { kind: 'error' }> => one.kind === 'error');
  if (bad)
    return { ...none, refusal: shownRefusal({ error: 'command', text: bad.text }, place.target.password) };
  const values = replies.map((one) => (one.kind === 'value' ? one.value : null));
  const found = spec.info ? parseInfo(String(values.at(-1) ?? '')) : undefined;
  if (!('key' in spec.redis)) return { ...none, refusal: undefined, reply: values[0] ?? null, info: found };
  const [type = 'none', ttl = -2] = values;
  const key = {
    exists: type !== 'none',
    type: String(type),
    ttlSeconds: Number(ttl) < 0 ? undefined : Number(ttl) / 1000,
  };
  const content = spec.value && key.exists ? contentCommand(spec.redis.key, key.type) : undefined;
  if (!content) return { ...none, refusal: undefined, key: { ...key, value: undefined }, info: found };
  const second = await ask([content]);
  if (second.kind === 'none') return { ...none, refusal: shownRefusal(second, place.target.password) };
  const [reply] = second.replies;
  if (reply?.kind !== 'value') throw new Error(`the value cannot be read: ${reply?.text ?? 'no reply'}`);
  return {
    ...none,
    refusal: undefined,
    key: { ...key, value: contentOf(key.type, reply.value) },
    info: found,
  };
}

function keyCommands(key: string): string[][] {
  return [
    ['TYPE', key],
    ['PTTL', key],
  ];
}

function contentCommand(key: string, type: string): string[] {
  switch (type) {
    case 'list':
      return ['LRANGE', key, '0', '-1'];
    case 'set':
      return ['SMEMBERS', key];
    case 'zset':
      return ['ZRANGE', key, '0', '-1'];
    case 'hash':
      return ['HGETALL', key];
    case 'stream':
      return ['XLEN', key];
    default:
      return ['GET', key];
  }
}

function contentOf(type: string, value: RedisValue): unknown {
  if (type !== 'hash' || !Array.isArray(value)) return value;
  const flat = value as readonly RedisValue[];
  return Object.fromEntries(
    flat.flatMap((name, at) => (at % 2 === 0 ? [[String(name), flat[at + 1] ?? null] as const] : [])),
  );
}

/** `field:value` lines of INFO; numbers as numbers. */
export function parseInfo(text: string): Record<string, string | number> {
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const found = /^([^#:]+):(.*)$/.exec(line);
      if (!found) return [];
      const [, name = '', value = ''] = found;
      return [[name, value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value] as const];
    }),
  );
}

function shownRefusal(
  { error, text }: { readonly error: RedisErrorKind; readonly text: string },
  password: string | undefined,
): { readonly error: RedisErrorKind; readonly text: string } {
  return {
    error,
    text: password === undefined || password === '' ? text : text.replaceAll(password, hidden(password)),
  };
}

function placeOf(spec: RedisSpec, { connection, around }: Probe): Place {
  const given = { user: spec.user, db: spec.db ?? 0, timeoutMs: spec.timeout ?? DEFAULT_TIMEOUT_MS };
  const found = spec.in === 'instance' ? undefined : companionOf(spec, around?.companions ?? new Map());
  if (!found) {
    const target = {
      ...given,
      host: spec.host ?? '127.0.0.1',
      port: spec.port ?? 6379,
      password: spec.password,
    };
    return {
      words: 'from the instance',
      target,
      execute: (argv, options) => connection.execute(argv, options),
    };
  }
  const { name, companion } = found;
  const { address } = companion;
  const target = {
    ...given,
    host: spec.host ?? address.host,
    port: spec.port ?? (address.port === 0 ? 6379 : address.port),
    password: spec.password ?? address.password,
  };
  return { words: `in ${name}`, target, execute: (argv, options) => companion.execute(argv, options) };
}

/** The companion named, or the only one that speaks redis; undefined: the instance itself. */
function companionOf(
  spec: RedisSpec,
  companions: ReadonlyMap<string, Companion>,
): { readonly name: string; readonly companion: Companion } | undefined {
  if (spec.in !== undefined) {
    const companion = companions.get(spec.in);
    if (!companion) throw new Error(`the service ${spec.in} was not started`);
    return { name: spec.in, companion };
  }
  if (spec.host !== undefined) return undefined;
  const able = [...companions].filter(([, one]) => /^(redis|valkey)s?:/.test(one.address.url));
  if (able.length > 1)
    throw new Error(`several companions speak redis: write in: ${able.map(([name]) => name).join(' or ')}`);
  const [only] = able;
  return only && { name: only[0], companion: only[1] };
}
