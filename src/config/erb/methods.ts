import { callKnowing } from './arguments.ts';
import { RubyFailure, Unsupported } from './failure.ts';
import type { Method, Methods, World } from './method.ts';
import { HASH_METHODS } from './methods-hash.ts';
import { ARRAY_METHODS } from './methods-list.ts';
import { isKnownName, moduleMethod } from './methods-modules.ts';
import { NUMBER_METHODS } from './methods-number.ts';
import { RANGE_METHODS } from './methods-range.ts';
import { STRING_METHODS, SYMBOL_METHODS } from './methods-text.ts';
import {
  className,
  inspect,
  isEqual,
  isKind,
  isTrue,
  RubyFloat,
  RubyHash,
  RubyModule,
  RubyProc,
  RubyRange,
  RubyRegexp,
  RubySymbol,
  toData,
  toText,
  type Value,
} from './values.ts';
import { toYaml } from './yaml.ts';

const OBJECT_METHODS: Methods<Value> = {
  to_s: (self) => toText(self),
  inspect: (self) => inspect(self),
  '==': (self, [other = null]) => isEqual(self, other),
  eql: (self, [other = null]) => isEqual(self, other),
  'eql?': (self, [other = null]) => className(self) === className(other) && isEqual(self, other),
  '===': (self, [other = null]) => isEqual(self, other),
  '=~': (_self, [_pattern]) => null,
  '!': (self) => !isTrue(self),
  '&': (self, [other = null]) => isTrue(self) && isTrue(other),
  '|': (self, [other = null]) => isTrue(self) || isTrue(other),
  'nil?': (self) => self === null,
  to_a: (self) => (self === null ? [] : [self]),
  to_json: (self) => JSON.stringify(toData(self)),
  to_yaml: (self) => toYaml(self),
  freeze: (self) => self,
  dup: (self) => self,
  clone: (self) => self,
  itself: (self) => self,
  class: (self) => new RubyModule(className(self)),
  tap: (self, _args, block) => {
    block?.call([self]);
    return self;
  },
  'is_a?': (self, [kind = null]) => isKind(self, toText(kind)),
  'kind_of?': (self, [kind = null]) => isKind(self, toText(kind)),
  'respond_to?': (self, [name = null]) => methodsOf(self)[toText(name)] !== undefined,
  send: (self, [name = null, ...args], block, world) => callMethod(world, self, toText(name), args, block),
  public_send: (self, [name = null, ...args], block, world) =>
    callMethod(world, self, toText(name), args, block),
};

const NIL_METHODS: Methods<null> = {
  to_a: () => [],
  to_h: () => new RubyHash(),
  to_i: () => 0,
  to_f: () => new RubyFloat(0),
};

const REGEXP_METHODS: Methods<RubyRegexp> = {
  '=~': (self, [text = null]) => (text === null ? null : matchAt(self, toText(text))),
  '===': (self, [text = null]) =>
    (typeof text === 'string' || text instanceof RubySymbol) && matches(self, toText(text)),
  'match?': (self, [text = null]) => text !== null && matches(self, toText(text)),
  match: (self, [text = null]) => (text === null ? null : captures(self, toText(text))),
  source: (self) => self.source,
};

const PROC_METHODS: Methods<RubyProc> = {
  call: (self, args) => self.call(args),
  '()': (self, args) => self.call(args),
  '[]': (self, args) => self.call(args),
  '===': (self, args) => self.call(args),
};

/** Calls a method by name. Throws `RubyFailure` for what Ruby knows and refuses, `Unsupported` for the unknown. */
export function callMethod(
  world: World,
  self: Value,
  name: string,
  args: readonly Value[],
  block: RubyProc | undefined,
): Value {
  if (self instanceof RubyModule) {
    const result = moduleMethod(world, self.name, name, args, block);
    if (result !== undefined) return result;
    if (name === '===') return isKind(args[0] ?? null, self.name);
    const isNamed = name === 'to_s' || name === 'inspect' || name === '==' || name === 'name';
    if (!isNamed || !isKnownName(self.name)) {
      throw new Unsupported(`${self.name}.${name}`, -1);
    }
    if (name === 'name') return self.name;
  }
  const operation = args.at(-1);
  if ((name === 'inject' || name === 'reduce') && !block && operation instanceof RubySymbol) {
    const combine = new RubyProc(([memo = null, one = null]) =>
      callMethod(world, memo, operation.name, [one], undefined),
    );
    return callMethod(world, self, name, args.slice(0, -1), combine);
  }
  const method = methodsOf(self)[name] ?? OBJECT_METHODS[name];
  if (method)
    return callKnowing(name, method, args, block, (seen) =>
      (method as Method<Value>)(self, seen, block, world),
    );
  if (self === null || typeof self === 'boolean') {
    const shown = inspect(self);
    const known = [STRING_METHODS, ARRAY_METHODS, HASH_METHODS, NUMBER_METHODS].some(
      (table) => table[name] !== undefined,
    );
    if (known)
      throw new RubyFailure('NoMethodError', `undefined method \`${name}' for ${shown}:${className(self)}`);
  }
  throw new Unsupported(`${name} of ${className(self)}`, -1);
}

function methodsOf(self: Value): Methods<never> {
  if (self === null) return NIL_METHODS;
  if (typeof self === 'string') return STRING_METHODS;
  if (typeof self === 'number' || self instanceof RubyFloat) return NUMBER_METHODS;
  if (Array.isArray(self)) return ARRAY_METHODS;
  if (self instanceof RubyHash) return HASH_METHODS;
  if (self instanceof RubySymbol) return SYMBOL_METHODS;
  if (self instanceof RubyRange) return RANGE_METHODS;
  if (self instanceof RubyRegexp) return REGEXP_METHODS;
  if (self instanceof RubyProc) return PROC_METHODS;
  return {};
}

function matches(self: RubyRegexp, text: string): boolean {
  return self.expression.test(text);
}

function matchAt(self: RubyRegexp, text: string): Value {
  const at = text.search(self.expression);
  return at === -1 ? null : at;
}

function captures(self: RubyRegexp, text: string): Value {
  const found = self.expression.exec(text);
  if (!found) return null;
  const hash = RubyHash.from([...found].map((group, index) => [index, group ?? null] as const));
  for (const [name, group] of Object.entries(found.groups ?? {})) {
    hash.set(name, group ?? null);
    hash.set(new RubySymbol(name), group ?? null);
  }
  return hash;
}
