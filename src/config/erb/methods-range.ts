import { enumerable, need, unsupported } from './enumerable.ts';
import { RubyFailure } from './failure.ts';
import type { Methods } from './method.ts';
import { className, compare, inspect, isTrue, RubyRange, type Value } from './values.ts';

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

export const RANGE_METHODS: Methods<RubyRange> = { ...enumerable<RubyRange>(members), ...RANGE_ONLY };

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
