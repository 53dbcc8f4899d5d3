import { RubyFailure, Unsupported } from './failure.ts';
import type { Method, Methods } from './method.ts';
import { position, wantText } from './methods-text.ts';
import {
  className,
  compare,
  inspect,
  isEqual,
  isKind,
  isTrue,
  numeric,
  RubyFloat,
  RubyHash,
  RubyModule,
  type RubyProc,
  RubyRange,
  RubyRegexp,
  toText,
  type Value,
} from './values.ts';

/** Enumerable, over the items of a list, the pairs of a hash or the members of a range. */
const ENUMERABLE: Readonly<
  Record<string, (items: Value[], args: readonly Value[], block: RubyProc | undefined) => Value>
> = {
  map: (items, _args, block) => items.map((item) => need(block).call([item])),
  collect: (items, _args, block) => items.map((item) => need(block).call([item])),
  flat_map: (items, _args, block) => items.flatMap((item) => need(block).call([item]) as Value[]),
  filter_map: (items, _args, block) => items.map((item) => need(block).call([item])).filter(isTrue),
  each_with_index: (items, _args, block) => {
    if (!block) return items.map((item, index) => [item, index]);
    for (const [index, item] of items.entries()) block.call([item, index]);
    return items;
  },
  each_with_object: (items, [memo = null], block) => {
    for (const item of items) need(block).call([item, memo]);
    return memo;
  },
  each_slice: (items, [size = 1], block) => {
    const slices: Value[] = [];
    for (let at = 0; at < items.length; at += Math.max(1, Number(size)))
      slices.push(items.slice(at, at + Number(size)));
    if (!block) return slices;
    for (const slice of slices) block.call([slice]);
    return null;
  },
  each_cons: (items, [size = 1]) =>
    items
      .slice(0, Math.max(0, items.length - Number(size) + 1))
      .map((_, at) => items.slice(at, at + Number(size))),
  find: (items, _args, block) => items.find((item) => isTrue(need(block).call([item]))) ?? null,
  detect: (items, _args, block) => items.find((item) => isTrue(need(block).call([item]))) ?? null,
  find_index: (items, [wanted], block) => {
    const at = items.findIndex((item) =>
      block ? isTrue(block.call([item])) : isEqual(item, wanted ?? null),
    );
    return at === -1 ? null : at;
  },
  'any?': (items, args, block) => items.some((item) => test(item, args, block)),
  'all?': (items, args, block) => items.every((item) => test(item, args, block)),
  'none?': (items, args, block) => !items.some((item) => test(item, args, block)),
  'one?': (items, args, block) => items.filter((item) => test(item, args, block)).length === 1,
  count: (items, args, block) =>
    args.length === 0 && !block ? items.length : items.filter((item) => test(item, args, block)).length,
  inject: (items, args, block) => reduce(items, args, block),
  reduce: (items, args, block) => reduce(items, args, block),
  sum: (items, [start = 0], block) =>
    items.reduce<Value>((sum, item) => add(sum, block ? block.call([item]) : item), start),
  min: (items) => items.toSorted(compare)[0] ?? null,
  max: (items) => items.toSorted(compare).at(-1) ?? null,
  min_by: (items, _args, block) => sortedBy(items, need(block))[0] ?? null,
  max_by: (items, _args, block) => sortedBy(items, need(block)).at(-1) ?? null,
  sort: (items, _args, block) => items.toSorted(block ? (a, b) => numeric(block.call([a, b])) ?? 0 : compare),
  sort_by: (items, _args, block) => sortedBy(items, need(block)),
  group_by: (items, _args, block) => {
    const groups = new RubyHash();
    for (const item of items) {
      const key = need(block).call([item]);
      const group = groups.get(key);
      if (Array.isArray(group)) group.push(item);
      else groups.set(key, [item]);
    }
    return groups;
  },
  partition: (items, _args, block) => {
    const isIn = (item: Value) => isTrue(need(block).call([item]));
    return [items.filter(isIn), items.filter((item) => !isIn(item))];
  },
  tally: (items) => {
    const counts = new RubyHash();
    for (const item of items) counts.set(item, (numeric(counts.get(item) ?? 0) ?? 0) + 1);
    return counts;
  },
  to_a: (items) => items,
  entries: (items) => items,
  to_set: (items) => unique(items, undefined),
  zip: (items, others) =>
    items.map((item, at) => [
      item,
      ...others.map((other) => (Array.isArray(other) ? (other[at] ?? null) : null)),
    ]),
  reverse_each: (items, _args, block) => {
    for (const item of items.toReversed()) need(block).call([item]);
    return items;
  },
  take_while: (items, _args, block) => {
    const end = items.findIndex((item) => !isTrue(need(block).call([item])));
    return end === -1 ? items : items.slice(0, end);
  },
  'include?': (items, [wanted = null]) => items.some((item) => isEqual(item, wanted)),
  'member?': (items, [wanted = null]) => items.some((item) => isEqual(item, wanted)),
};

const LIST_ONLY: Methods<Value[]> = {
  each: (self, _args, block) => {
    for (const item of self) need(block).call([item]);
    return self;
  },
  each_index: (self, _args, block) => {
    for (const index of self.keys()) need(block).call([index]);
    return self;
  },
  select: (self, _args, block) => self.filter((item) => isTrue(need(block).call([item]))),
  filter: (self, _args, block) => self.filter((item) => isTrue(need(block).call([item]))),
  reject: (self, _args, block) => self.filter((item) => !isTrue(need(block).call([item]))),
  to_h: (self, _args, block) => RubyHash.from(self.map((item) => pairOf(block ? block.call([item]) : item))),
  to_ary: (self) => self,
  length: (self) => self.length,
  size: (self) => self.length,
  'empty?': (self) => self.length === 0,
  first: (self, [count]) => (count === undefined ? (self[0] ?? null) : self.slice(0, Number(count))),
  last: (self, [count]) => (count === undefined ? (self.at(-1) ?? null) : self.slice(-Number(count))),
  take: (self, [count = 0]) => self.slice(0, Number(count)),
  drop: (self, [count = 0]) => self.slice(Number(count)),
  join: (self, [separator]) =>
    joined(self, separator === undefined || separator === null ? '' : wantText(separator)),
  reverse: (self) => self.toReversed(),
  rotate: (self, [by = 1]) => {
    const at = self.length === 0 ? 0 : ((Number(by) % self.length) + self.length) % self.length;
    return [...self.slice(at), ...self.slice(0, at)];
  },
  uniq: (self, _args, block) => unique(self, block),
  compact: (self) => self.filter((item) => item !== null),
  flatten: (self, [depth]) => flatten(self, depth === undefined ? 20 : Number(depth)),
  concat: (self, others) => {
    self.push(...others.flatMap((other) => other as Value[]));
    return self;
  },
  push: (self, items) => {
    self.push(...items);
    return self;
  },
  append: (self, items) => {
    self.push(...items);
    return self;
  },
  unshift: (self, items) => {
    self.unshift(...items);
    return self;
  },
  prepend: (self, items) => {
    self.unshift(...items);
    return self;
  },
  pop: (self) => self.pop() ?? null,
  shift: (self) => self.shift() ?? null,
  delete: (self, [wanted = null]) => {
    const found = self.some((item) => isEqual(item, wanted));
    for (let at = self.length - 1; at >= 0; at -= 1)
      if (isEqual(self[at] ?? null, wanted)) self.splice(at, 1);
    return found ? wanted : null;
  },
  delete_at: (self, [at = 0]) => self.splice(Number(at), 1)[0] ?? null,
  delete_if: (self, _args, block) => {
    const kept = self.filter((item) => !isTrue(need(block).call([item])));
    self.splice(0, self.length, ...kept);
    return self;
  },
  index: (self, args, block) => ENUMERABLE['find_index']?.(self, args, block) ?? null,
  dig: (self, path, block, world) => dig(self, path, block, world),
  fetch: (self, [at = 0, fallback], block) => {
    const item = self.at(Number(at));
    if (item !== undefined) return item;
    if (block) return block.call([at]);
    if (fallback !== undefined) return fallback;
    throw new RubyFailure('IndexError', `index ${inspect(at)} outside of array bounds`);
  },
  product: (self, others) =>
    others.reduce<Value[][]>(
      (rows, other) => rows.flatMap((row) => (other as Value[]).map((item) => [...row, item])),
      self.map((item) => [item]),
    ),
  combination: (self, [size = 0]) => combinations(self, Number(size)),
  values_at: (self, indexes) => indexes.map((at) => self.at(Number(at)) ?? null),
  sample: () => unsupported('sample'),
  shuffle: () => unsupported('shuffle'),
  '[]': (self, args) => item(self, args),
  slice: (self, args) => item(self, args),
  '[]=': (self, args) => {
    const at = position(Number(args[0]), self.length);
    while (self.length < at) self.push(null);
    self[at] = args.at(-1) ?? null;
    return args.at(-1) ?? null;
  },
  '<<': (self, [added = null]) => {
    self.push(added);
    return self;
  },
  '+': (self, [other = null]) => [...self, ...wantList(other)],
  '-': (self, [other = null]) => self.filter((one) => !wantList(other).some((two) => isEqual(one, two))),
  '*': (self, [times = null]) =>
    typeof times === 'string'
      ? joined(self, times)
      : Array.from({ length: Number(times) }, () => self).flat(),
  '&': (self, [other = null]) =>
    unique(
      self.filter((one) => wantList(other).some((two) => isEqual(one, two))),
      undefined,
    ),
  '|': (self, [other = null]) => unique([...self, ...wantList(other)], undefined),
  '<=>': (self, [other = null]) => Math.sign(compare(self, other)),
};

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

const RANGE_ONLY: Methods<RubyRange> = {
  each: (self, _args, block) => {
    for (const one of members(self)) need(block).call([one]);
    return self;
  },
  select: (self, _args, block) => members(self).filter((one) => isTrue(need(block).call([one]))),
  reject: (self, _args, block) => members(self).filter((one) => !isTrue(need(block).call([one]))),
  step: (self, [by = 1], block) => {
    const all = members(self).filter((_, at) => at % Number(by) === 0);
    for (const one of block ? all : []) block?.call([one]);
    return all;
  },
  first: (self, [count]) => (count === undefined ? self.from : members(self).slice(0, Number(count))),
  last: (self) => self.to,
  size: (self) => members(self).length,
  'cover?': (self, [one = null]) => covers(self, one),
  '===': (self, [one = null]) => one !== null && className(one) === className(self.from) && covers(self, one),
};

export const ARRAY_METHODS: Methods<Value[]> = { ...enumerable<Value[]>((self) => self), ...LIST_ONLY };
export const HASH_METHODS: Methods<RubyHash> = {
  ...enumerable<RubyHash>((self) => self.pairs.map(([key, one]) => [key, one])),
  ...HASH_ONLY,
};
export const RANGE_METHODS: Methods<RubyRange> = { ...enumerable<RubyRange>(members), ...RANGE_ONLY };

function enumerable<T extends Value>(itemsOf: (self: T) => Value[]): Methods<T> {
  return Object.fromEntries(
    Object.entries(ENUMERABLE).map(([name, method]) => {
      const bound: Method<T> = (self, args, block) => method(itemsOf(self), args, block);
      return [name, bound];
    }),
  );
}

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

function need(block: RubyProc | undefined): RubyProc {
  return block ?? unsupported('a method without its block');
}

function unsupported(what: string): never {
  throw new Unsupported(what, -1);
}

function test(one: Value, [pattern]: readonly Value[], block: RubyProc | undefined): boolean {
  if (block) return isTrue(block.call([one]));
  if (pattern === undefined) return isTrue(one);
  if (pattern instanceof RubyRegexp) return typeof one === 'string' && pattern.expression.test(one);
  if (pattern instanceof RubyModule) return isKind(one, pattern.name);
  if (pattern instanceof RubyRange) return unsupported('a range as pattern');
  return isEqual(pattern, one);
}

function reduce(items: Value[], args: readonly Value[], block: RubyProc | undefined): Value {
  if (!block) return unsupported('inject without a block');
  const rest = args.length > 0 ? items : items.slice(1);
  return rest.reduce<Value>((memo, one) => block.call([memo, one]), args[0] ?? items[0] ?? null);
}

function add(sum: Value, one: Value): Value {
  if (typeof sum === 'string') return sum + wantText(one);
  if (Array.isArray(sum)) return [...sum, ...wantList(one)];
  const [a, b] = [numeric(sum) ?? 0, numeric(one) ?? 0];
  return typeof sum === 'number' && typeof one === 'number' ? a + b : new RubyFloat(a + b);
}

function sortedBy(items: Value[], block: RubyProc): Value[] {
  const keyed = items.map((one) => [block.call([one]), one] as const);
  return keyed.toSorted(([a], [b]) => compare(a, b)).map(([, one]) => one);
}

function unique(items: Value[], block: RubyProc | undefined): Value[] {
  return [
    ...new Map(items.toReversed().map((one) => [inspect(block ? block.call([one]) : one), one])).values(),
  ].toReversed();
}

function joined(items: Value[], separator: string): string {
  return items.map((one) => (Array.isArray(one) ? joined(one, separator) : toText(one))).join(separator);
}

function item(self: Value[], [at = null, length]: readonly Value[]): Value {
  if (at instanceof RubyRange) {
    const from = position(numeric(at.from) ?? 0, self.length);
    const end = position(numeric(at.to) ?? -1, self.length);
    return self.slice(from, at.exclusive ? end : end + 1);
  }
  const from = position(numeric(at) ?? 0, self.length);
  return length === undefined ? (self[from] ?? null) : self.slice(from, from + Number(length));
}

function flatten(items: Value[], depth: number): Value[] {
  return items.flatMap((one) => (Array.isArray(one) && depth > 0 ? flatten(one, depth - 1) : [one]));
}

function wantList(given: Value): Value[] {
  if (Array.isArray(given)) return given;
  throw new RubyFailure(
    'TypeError',
    `no implicit conversion of ${given === null ? 'nil' : className(given)} into Array`,
  );
}

function pairOf(given: Value): readonly [Value, Value] {
  if (Array.isArray(given) && given.length === 2) return [given[0] ?? null, given[1] ?? null];
  throw new RubyFailure('TypeError', `wrong element type ${className(given)} (expected array)`);
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

const dig: Method<Value> = (self, [first = null, ...rest]) => {
  let found: Value = null;
  if (self instanceof RubyHash) found = self.get(first) ?? null;
  else if (Array.isArray(self)) found = self.at(Number(first)) ?? null;
  if (rest.length === 0 || found === null) return found;
  return dig(found, rest, undefined, undefined as never);
};

function combinations(items: Value[], size: number): Value[][] {
  if (size <= 0) return [[]];
  return items.flatMap((one, at) =>
    combinations(items.slice(at + 1), size - 1).map((rest) => [one, ...rest]),
  );
}

function members(self: RubyRange): Value[] {
  const { from, to, exclusive } = self;
  if (typeof from === 'number' && typeof to === 'number') {
    const count = Math.max(0, to - from + (exclusive ? 0 : 1));
    if (count > 1_000_000) throw new RubyFailure('RangeError', 'too many members');
    return Array.from({ length: count }, (_, at) => from + at);
  }
  if (typeof from === 'string' && typeof to === 'string' && from.length === 1 && to.length === 1) {
    const codes = members(new RubyRange(from.charCodeAt(0), to.charCodeAt(0), exclusive));
    return codes.map((code) => String.fromCharCode(Number(code)));
  }
  return unsupported(`the members of ${inspect(self)}`);
}

function covers(self: RubyRange, one: Value): boolean {
  const upper = compare(one, self.to);
  return compare(one, self.from) >= 0 && (self.exclusive ? upper < 0 : upper <= 0);
}
