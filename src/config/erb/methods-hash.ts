import { dig, enumerable, need, pairOf, unsupported } from './enumerable.ts';
import { RubyFailure } from './failure.ts';
import type { Methods } from './method.ts';
import { inspect, isEqual, isTrue, RubyHash, type RubyProc, type Value } from './values.ts';

const HASH_ONLY: Methods<RubyHash> = {
  '[]': (self, [key = null]) => self.get(key) ?? self.fallback,
  '[]=': (self, [key = null, item = null]) => {
    self.set(key, item);
    return item;
  },
  store: (self, [key = null, item = null]) => {
    self.set(key, item);
    return item;
  },
  fetch: (self, [key = null, fallback], block) => fetchKey(self.get(key), key, fallback, block),
  dig: (self, path, block, world) => dig(self, path, block, world),
  'key?': (self, [key = null]) => self.has(key),
  'has_key?': (self, [key = null]) => self.has(key),
  'include?': (self, [key = null]) => self.has(key),
  'member?': (self, [key = null]) => self.has(key),
  'value?': (self, [wanted = null]) => self.pairs.some(([, one]) => isEqual(one, wanted)),
  key: (self, [wanted = null]) => self.pairs.find(([, one]) => isEqual(one, wanted))?.[0] ?? null,
  keys: (self) => self.pairs.map(([key]) => key),
  values: (self) => self.pairs.map(([, one]) => one),
  values_at: (self, keys) => keys.map((key) => self.get(key) ?? null),
  length: (self) => self.map.size,
  size: (self) => self.map.size,
  'empty?': (self) => self.map.size === 0,
  to_h: (self, _args, block) =>
    block ? RubyHash.from(self.pairs.map(([key, one]) => pairOf(block.call([key, one])))) : self,
  to_hash: (self) => self,
  each: (self, _args, block) => eachPair(self, need(block)),
  each_pair: (self, _args, block) => eachPair(self, need(block)),
  each_key: (self, _args, block) => {
    for (const [key] of self.pairs) need(block).call([key]);
    return self;
  },
  each_value: (self, _args, block) => {
    for (const [, one] of self.pairs) need(block).call([one]);
    return self;
  },
  select: (self, _args, block) => kept(self, (key, one) => isTrue(need(block).call([key, one]))),
  filter: (self, _args, block) => kept(self, (key, one) => isTrue(need(block).call([key, one]))),
  reject: (self, _args, block) => kept(self, (key, one) => !isTrue(need(block).call([key, one]))),
  compact: (self) => kept(self, (_key, one) => one !== null),
  slice: (self, keys) => kept(self, (key) => keys.some((wanted) => isEqual(wanted, key))),
  except: (self, keys) => kept(self, (key) => !keys.some((wanted) => isEqual(wanted, key))),
  transform_values: (self, _args, block) =>
    RubyHash.from(self.pairs.map(([key, one]) => [key, need(block).call([one])] as const)),
  transform_keys: (self, _args, block) =>
    RubyHash.from(self.pairs.map(([key, one]) => [need(block).call([key]), one] as const)),
  merge: (self, others, block) =>
    others.reduce<RubyHash>((sum, other) => merged(sum, other, block), RubyHash.from(self.pairs)),
  update: (self, [other = null], block) => merged(self, other, block),
  'merge!': (self, [other = null], block) => merged(self, other, block),
  delete: (self, [key = null]) => self.delete(key),
  invert: (self) => RubyHash.from(self.pairs.map(([key, one]) => [one, key] as const)),
  first: (self, [count]) => {
    const pairs = self.pairs.map(([key, one]) => [key, one]);
    return count === undefined ? (pairs[0] ?? null) : pairs.slice(0, Number(count));
  },
  'any?': (self, _args, block) =>
    block ? self.pairs.some(([key, one]) => isTrue(block.call([key, one]))) : self.map.size > 0,
};

export const HASH_METHODS: Methods<RubyHash> = {
  ...enumerable<RubyHash>((self) => self.pairs.map(([key, one]) => [key, one])),
  ...HASH_ONLY,
};

/** `fetch` of a hash or of ENV. */
export function fetchKey(
  found: Value | undefined,
  key: Value,
  fallback: Value | undefined,
  block: RubyProc | undefined,
): Value {
  if (found !== undefined) return found;
  if (block) return block.call([key]);
  if (fallback !== undefined) return fallback;
  throw new RubyFailure('KeyError', `key not found: ${inspect(key)}`);
}

function eachPair(self: RubyHash, block: RubyProc): Value {
  for (const [key, one] of self.pairs) block.call([[key, one]]);
  return self;
}

function kept(self: RubyHash, isKept: (key: Value, one: Value) => boolean): RubyHash {
  return RubyHash.from(self.pairs.filter(([key, one]) => isKept(key, one)));
}

function merged(into: RubyHash, other: Value, block: RubyProc | undefined): RubyHash {
  if (!(other instanceof RubyHash)) return unsupported('merge with something else than a hash');
  for (const [key, one] of other.pairs) {
    const before = into.get(key);
    into.set(key, before !== undefined && block ? block.call([key, before, one]) : one);
  }
  return into;
}
