import { unsupported } from './enumerable.ts';
import { RubyFailure } from './failure.ts';
import type { Methods } from './method.ts';
import { className, compare, numeric, RubyFloat, type RubyProc, type Value } from './values.ts';

export const NUMBER_METHODS: Methods<number | RubyFloat> = {
  to_i: (self) => Math.trunc(value(self)),
  to_int: (self) => Math.trunc(value(self)),
  to_f: (self) => new RubyFloat(value(self)),
  abs: (self) => same(self, Math.abs(value(self))),
  floor: (self) => Math.floor(value(self)),
  ceil: (self) => Math.ceil(value(self)),
  round: (self, [digits = 0]) => {
    const factor = 10 ** Number(digits);
    // Halves go away from zero.
    const rounded = (Math.sign(value(self)) * Math.round(Math.abs(value(self)) * factor)) / factor;
    return Number(digits) > 0 ? new RubyFloat(rounded) : rounded;
  },
  'zero?': (self) => value(self) === 0,
  'positive?': (self) => value(self) > 0,
  'negative?': (self) => value(self) < 0,
  'even?': (self) => value(self) % 2 === 0,
  'odd?': (self) => value(self) % 2 !== 0,
  succ: (self) => value(self) + 1,
  next: (self) => value(self) + 1,
  pred: (self) => value(self) - 1,
  chr: (self) => String.fromCodePoint(value(self)),
  times: (self, _args, block) => {
    const items = Array.from({ length: Math.max(0, Math.min(value(self), 1_000_000)) }, (_, i) => i);
    if (!block) return items;
    for (const item of items) block.call([item]);
    return self;
  },
  upto: (self, [end = null], block) => {
    return counted(self, Math.floor((numeric(end) ?? 0) - value(self)), 1, block);
  },
  downto: (self, [end = null], block) => {
    return counted(self, Math.floor(value(self) - (numeric(end) ?? 0)), -1, block);
  },
  '+': (self, [other = null]) => arithmetic(self, other, (a, b) => a + b),
  '-': (self, [other = null]) => arithmetic(self, other, (a, b) => a - b),
  '*': (self, [other = null]) => arithmetic(self, other, (a, b) => a * b),
  '**': (self, [other = null]) => arithmetic(self, other, (a, b) => a ** b),
  '/': (self, [other = null]) => {
    const isWhole = typeof self === 'number' && typeof other === 'number';
    if (isWhole && other === 0) throw new RubyFailure('ZeroDivisionError', 'divided by 0');
    return arithmetic(self, other, (a, b) => (isWhole ? Math.floor(a / b) : a / b));
  },
  '%': (self, [other = null]) => arithmetic(self, other, (a, b) => ((a % b) + b) % b),
  '-@': (self) => same(self, -value(self)),
  '<=>': (self, [other = null]) => (numeric(other) === undefined ? null : Math.sign(compare(self, other))),
  '<': (self, [other = null]) => compare(self, other) < 0,
  '>': (self, [other = null]) => compare(self, other) > 0,
  '<=': (self, [other = null]) => compare(self, other) <= 0,
  '>=': (self, [other = null]) => compare(self, other) >= 0,
  'between?': (self, [low = null, high = null]) => compare(self, low) >= 0 && compare(self, high) <= 0,
};

/** The numbers from `self` on, `steps` further ones: a list, or each given to the block. */
function counted(self: number | RubyFloat, steps: number, by: number, block: RubyProc | undefined): Value {
  if (steps >= 1_000_000) return unsupported('that many numbers');
  const all = Array.from({ length: Math.max(0, steps + 1) }, (_, at) => value(self) + at * by);
  if (!block) return all;
  for (const one of all) block.call([one]);
  return self;
}

function value(self: number | RubyFloat): number {
  return typeof self === 'number' ? self : self.value;
}

function same(self: number | RubyFloat, result: number): Value {
  return typeof self === 'number' ? result : new RubyFloat(result);
}

function arithmetic(
  self: number | RubyFloat,
  other: Value,
  operate: (a: number, b: number) => number,
): Value {
  const right = numeric(other);
  if (right === undefined) {
    throw new RubyFailure('TypeError', `${className(other)} can't be coerced into ${className(self)}`);
  }
  const result = operate(value(self), right);
  if (typeof self !== 'number' || typeof other !== 'number') return new RubyFloat(result);
  // Integers of Ruby have no limit, and what is no integer is a fraction there.
  return Number.isSafeInteger(result) ? result : unsupported('such a number');
}
