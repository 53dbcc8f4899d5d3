import { RubyFailure, Unsupported } from './failure.ts';

/** A Ruby value. Integers are numbers; floats are wrapped, because `1.0` is not `1` in text. */
export type Value =
  | null
  | boolean
  | number
  | string
  | RubyFloat
  | RubySymbol
  | RubyRange
  | RubyRegexp
  | RubyHash
  | RubyProc
  | RubyModule
  | Value[];

export class RubyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class RubySymbol {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class RubyRange {
  readonly from: Value;
  readonly to: Value;
  readonly exclusive: boolean;
  constructor(from: Value, to: Value, exclusive: boolean) {
    this.from = from;
    this.to = to;
    this.exclusive = exclusive;
  }
}

export class RubyRegexp {
  readonly source: string;
  readonly expression: RegExp;
  constructor(source: string, expression: RegExp) {
    this.source = source;
    this.expression = expression;
  }
}

export class RubyProc {
  readonly call: (args: readonly Value[]) => Value;
  constructor(call: (args: readonly Value[]) => Value) {
    this.call = call;
  }
}

/** ENV, File, YAML, …: known by name only. */
export class RubyModule {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A hash in insertion order whose keys compare by value. */
export class RubyHash {
  readonly map = new Map<string, readonly [Value, Value]>();
  fallback: Value = null;

  get(key: Value): Value | undefined {
    return this.map.get(inspect(key))?.[1];
  }
  set(key: Value, value: Value): void {
    this.map.set(inspect(key), [key, value]);
  }
  has(key: Value): boolean {
    return this.map.has(inspect(key));
  }
  delete(key: Value): Value {
    const found = this.get(key) ?? null;
    this.map.delete(inspect(key));
    return found;
  }
  get pairs(): readonly (readonly [Value, Value])[] {
    return [...this.map.values()];
  }
  static from(pairs: Iterable<readonly [Value, Value]>): RubyHash {
    const hash = new RubyHash();
    for (const [key, value] of pairs) hash.set(key, value);
    return hash;
  }
}

export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined || y !== undefined) return x === y;
  if (typeof a !== typeof b || typeof a !== 'object') return false;
  return inspect(a) === inspect(b);
}

export function numeric(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof RubyFloat ? value.value : undefined;
}

/** Ruby's name of a value's class, as its error messages use it. */
export function className(value: Value): string {
  if (value === null) return 'NilClass';
  if (value === true) return 'TrueClass';
  if (value === false) return 'FalseClass';
  if (typeof value === 'number') return 'Integer';
  if (typeof value === 'string') return 'String';
  if (Array.isArray(value)) return 'Array';
  if (value instanceof RubyModule) return value.name;
  return value.constructor.name.replace('Ruby', '');
}

/** `is_a?` */
export function isKind(value: Value, kind: string): boolean {
  const name = className(value);
  if (kind === 'Numeric') return name === 'Integer' || name === 'Float';
  return name === kind || kind === 'Object';
}

/** `to_s` */
export function toText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof RubySymbol) return value.name;
  if (value instanceof RubyRange) {
    return `${toText(value.from)}${value.exclusive ? '...' : '..'}${toText(value.to)}`;
  }
  return inspect(value);
}

export function inspect(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return inspectText(value);
  if (Array.isArray(value)) return `[${value.map(inspect).join(', ')}]`;
  if (value instanceof RubyFloat) return floatText(value.value);
  if (value instanceof RubySymbol) {
    return /^[A-Za-z_]\w*[?!=]?$/.test(value.name) ? `:${value.name}` : `:${inspectText(value.name)}`;
  }
  if (value instanceof RubyHash) {
    return `{${value.pairs.map(([key, item]) => `${inspect(key)}=>${inspect(item)}`).join(', ')}}`;
  }
  if (value instanceof RubyRange) {
    return `${inspect(value.from)}${value.exclusive ? '...' : '..'}${inspect(value.to)}`;
  }
  if (value instanceof RubyRegexp) return `/${value.source}/`;
  if (value instanceof RubyModule && !/^(?:Time|ERB|Erubis::Eruby|Erubi::Engine):(?!:)/.test(value.name))
    return value.name;
  throw new Unsupported(`the text of a ${className(value)}`, -1);
}

function inspectText(text: string): string {
  const escaped = JSON.stringify(text).replaceAll(/#(?=[{$@])/g, '\\#');
  return escaped.replaceAll('\\u001b', '\\e').replaceAll('\\b', '\\b');
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  const text = size >= 1e15 || (size < 1e-4 && size > 0) ? value.toExponential() : String(value);
  if (text.includes('e')) return text.replace(/^(-?\d)e/, '$1.0e').replace(/e([-+])(\d)$/, 'e$10$2');
  return text.includes('.') ? text : `${text}.0`;
}

/** `<=>` for sorting; mixed types cannot be compared. */
export function compare(a: Value, b: Value): number {
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined && y !== undefined) return x - y;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof RubySymbol && b instanceof RubySymbol) return compare(a.name, b.name);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (const [index, item] of a.entries()) {
      if (index >= b.length) return 1;
      const order = compare(item, b[index] ?? null);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  throw new RubyFailure('ArgumentError', `comparison of ${className(a)} with ${inspect(b)} failed`);
}

/** Plain data (from YAML or JSON) as Ruby values. */
export function fromData(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (Array.isArray(data)) return data.map(fromData);
  if (typeof data === 'number') return Number.isInteger(data) ? data : new RubyFloat(data);
  if (typeof data === 'object') {
    return RubyHash.from(Object.entries(data).map(([key, value]) => [key, fromData(value)] as const));
  }
  return typeof data === 'boolean' || typeof data === 'string' ? data : null;
}

/** Ruby values as plain data, for `to_json` and `to_yaml`. */
export function toData(value: Value): unknown {
  if (Array.isArray(value)) return value.map(toData);
  if (value instanceof RubyHash) {
    return Object.fromEntries(value.pairs.map(([key, item]) => [toText(key), toData(item)]));
  }
  if (value instanceof RubyFloat) return value.value;
  if (typeof value === 'object' && value !== null) return toText(value);
  return value;
}
