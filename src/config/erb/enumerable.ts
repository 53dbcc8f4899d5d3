import { RubyFailure, Unsupported } from './failure.ts';
import type { Method, Methods } from './method.ts';
import { wantText } from './methods-text.ts';
import {
  className,
  compare,
  inspect,
  isEqual,
  isKind,
  isTrue,
  numeric,
  RubyHash,
  RubyModule,
  type RubyProc,
  RubyRange,
  RubyRegexp,
  type Value,
} from './values.ts';

/** Enumerable, over the items of a list, the pairs of a hash or the members of a range. */
export const ENUMERABLE: Readonly<
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
      ...others.map((other) => (Array.isArray(other) ? (other[at] ?? null) : unsupported('zip with that'))),
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

export function enumerable<T extends Value>(itemsOf: (self: T) => Value[]): Methods<T> {
  return Object.fromEntries(
    Object.entries(ENUMERABLE).map(([name, method]) => {
      const bound: Method<T> = (self, args, block) => {
        if (block && method.length < 3) unsupported(`${name} with a block`);
        return method(itemsOf(self), args, block);
      };
      return [name, bound];
    }),
  );
}

export function need(block: RubyProc | undefined): RubyProc {
  return block ?? unsupported('a method without its block');
}

export function unsupported(what: string): never {
  throw new Unsupported(what, -1);
}

export function unique(items: Value[], block: RubyProc | undefined): Value[] {
  return [
    ...new Map(items.toReversed().map((one) => [inspect(block ? block.call([one]) : one), one])).values(),
  ].toReversed();
}

export function wantList(given: Value): Value[] {
  if (Array.isArray(given)) return given;
  throw new RubyFailure(
    'TypeError',
    `no implicit conversion of ${given === null ? 'nil' : className(given)} into Array`,
  );
}

export function pairOf(given: Value): readonly [Value, Value] {
  if (Array.isArray(given) && given.length === 2) return [given[0] ?? null, given[1] ?? null];
  throw new RubyFailure('TypeError', `wrong element type ${className(given)} (expected array)`);
}

export const dig: Method<Value> = (self, [first = null, ...rest]) => {
  let found: Value = null;
  if (self instanceof RubyHash) found = self.get(first) ?? null;
  else if (Array.isArray(self)) found = self.at(Number(first)) ?? null;
  if (rest.length === 0 || found === null) return found;
  return dig(found, rest, undefined, undefined as never);
};

function test(one: Value, [pattern]: readonly Value[], block: RubyProc | undefined): boolean {
  if (block) return isTrue(block.call([one]));
  if (pattern === undefined) return isTrue(one);
  if (pattern instanceof RubyRegexp) return typeof one === 'string' && pattern.expression.test(one);
  if (pattern instanceof RubyModule) return isKind(one, pattern.name);
  if (pattern instanceof RubyRange) return unsupported('a range as pattern');
  return isEqual(pattern, one);
}

function reduce(items: Value[], args: readonly Value[], block: RubyProc | undefined): Value {
  if (!block || args.length > 1) return unsupported('inject without a block');
  const rest = args.length > 0 ? items : items.slice(1);
  return rest.reduce<Value>((memo, one) => block.call([memo, one]), args[0] ?? items[0] ?? null);
}

function add(sum: Value, one: Value): Value {
  if (typeof sum === 'string') return sum + wantText(one);
  if (Array.isArray(sum)) return [...sum, ...wantList(one)];
  const [a, b] = [numeric(sum) ?? 0, numeric(one) ?? 0];
  // Ruby sums floats with a correction for what is rounded away.
  return typeof sum === 'number' && typeof one === 'number' ? a + b : unsupported('a sum of floats');
}

function sortedBy(items: Value[], block: RubyProc): Value[] {
  const keyed = items.map((one) => [block.call([one]), one] as const);
  return keyed.toSorted(([a], [b]) => compare(a, b)).map(([, one]) => one);
}
