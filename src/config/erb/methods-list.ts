import { dig, ENUMERABLE, enumerable, need, pairOf, unique, unsupported, wantList } from './enumerable.ts';
import { RubyFailure } from './failure.ts';
import type { Methods } from './method.ts';
import { position, wantText } from './methods-text.ts';
import {
  compare,
  inspect,
  isEqual,
  isTrue,
  numeric,
  RubyHash,
  RubyRange,
  toText,
  type Value,
} from './values.ts';

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
    if (args.length !== 2) return unsupported('[]= with a length');
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

export const ARRAY_METHODS: Methods<Value[]> = { ...enumerable<Value[]>((self) => self), ...LIST_ONLY };

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

function combinations(items: Value[], size: number): Value[][] {
  if (size <= 0) return [[]];
  return items.flatMap((one, at) =>
    combinations(items.slice(at + 1), size - 1).map((rest) => [one, ...rest]),
  );
}
