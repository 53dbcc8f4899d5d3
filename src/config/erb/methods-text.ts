import { escapeRegExp } from '../../core/escape-regexp.ts';
import { options } from './arguments.ts';
import { RubyFailure, Unsupported } from './failure.ts';
import type { Methods } from './method.ts';
import {
  className,
  compare,
  isTrue,
  numeric,
  RubyFloat,
  RubyHash,
  type RubyProc,
  RubyRange,
  RubyRegexp,
  RubySymbol,
  toText,
  type Value,
} from './values.ts';

export const STRING_METHODS: Methods<string> = {
  to_str: (self) => self,
  to_sym: (self) => new RubySymbol(self),
  intern: (self) => new RubySymbol(self),
  to_i: (self, [base = 10]) =>
    Number.parseInt(self.trim().replaceAll(/(?<=\d)_(?=\d)/g, ''), Number(base)) || 0,
  to_f: (self) => new RubyFloat(Number.parseFloat(self.trim().replaceAll(/(?<=\d)_(?=\d)/g, '')) || 0),
  upcase: (self) => self.toUpperCase(),
  downcase: (self) => self.toLowerCase(),
  capitalize: (self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase(),
  swapcase: (self) =>
    Array.from(self)
      .map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()))
      .join(''),
  strip: (self) => self.replaceAll(/^[\s\0]+|[\s\0]+$/g, ''),
  lstrip: (self) => self.trimStart(),
  rstrip: (self) => self.trimEnd(),
  chomp: (self, [suffix]) => {
    if (suffix === '') return self.replace(/(?:\r?\n)+$/, '');
    return suffix === undefined ? self.replace(/\r?\n$|\r$/, '') : withoutEnd(self, toText(suffix));
  },
  chop: (self) => self.slice(0, -1),
  chars: (self) => Array.from(self),
  lines: (self, given) => [...linesOf(self, given)],
  each_line: (self, given, block) => {
    const lines = linesOf(self, given);
    if (!block) return [...lines];
    for (const line of lines) block.call([line]);
    return self;
  },
  reverse: (self) => Array.from(self).toReversed().join(''),
  length: (self) => Array.from(self).length,
  size: (self) => Array.from(self).length,
  hash: (self) => self,
  'empty?': (self) => self === '',
  'include?': (self, [part = null]) => self.includes(wantText(part)),
  'start_with?': (self, parts) =>
    parts.some((part) =>
      part instanceof RubyRegexp ? self.search(part.expression) === 0 : self.startsWith(wantText(part)),
    ),
  'end_with?': (self, parts) => parts.some((part) => self.endsWith(wantText(part))),
  delete_prefix: (self, [part = null]) =>
    self.startsWith(wantText(part)) ? self.slice(wantText(part).length) : self,
  delete_suffix: (self, [part = null]) => withoutEnd(self, wantText(part)),
  delete: (self, sets) =>
    Array.from(self)
      .filter((char) => !sets.every((set) => inSet(char, wantText(set))))
      .join(''),
  count: (self, [set = null]) => Array.from(self).filter((char) => inSet(char, wantText(set))).length,
  squeeze: (self) => self.replaceAll(/(.)\1+/gs, '$1'),
  tr: (self, [from = null, to = null]) => translate(self, wantText(from), wantText(to)),
  sub: (self, args, block) => substitute(self, args, block, false),
  gsub: (self, args, block) => substitute(self, args, block, true),
  split: (self, [separator, limit]) => split(self, separator ?? null, limit),
  partition: (self, [separator = null]) => {
    if (separator instanceof RubyRegexp) return unsupported('partition by a pattern');
    const at = self.indexOf(wantText(separator));
    if (at === -1) return [self, '', ''];
    return [self.slice(0, at), wantText(separator), self.slice(at + wantText(separator).length)];
  },
  rpartition: (self, [separator = null]) => {
    if (separator instanceof RubyRegexp) return unsupported('rpartition by a pattern');
    const at = self.lastIndexOf(wantText(separator));
    if (at === -1) return ['', '', self];
    return [self.slice(0, at), wantText(separator), self.slice(at + wantText(separator).length)];
  },
  scan: (self, [pattern = null]) =>
    [...self.matchAll(globalPattern(pattern))].map((found) =>
      found.length > 1 ? found.slice(1).map((group) => group ?? null) : found[0],
    ),
  match: (self, [pattern = null], _block, world) => delegate(pattern).match(self, world),
  'match?': (self, [pattern = null]) => regexp(pattern).test(self),
  '=~': (self, [pattern = null]) => {
    const at = self.search(regexp(pattern));
    return at === -1 ? null : at;
  },
  index: (self, [part = null]) => {
    const at = part instanceof RubyRegexp ? self.search(part.expression) : self.indexOf(wantText(part));
    return at === -1 ? null : at;
  },
  slice: (self, args) => index(self, args),
  '[]': (self, args) => index(self, args),
  '+': (self, [other = null]) => self + wantText(other),
  '*': (self, [count = null]) => repeated(self, numeric(count) ?? 0),
  '%': (self, [args = null]) => format(self, Array.isArray(args) ? args : [args]),
  '<=>': (self, [other = null]) => (typeof other === 'string' ? Math.sign(compare(self, other)) : null),
  '<': (self, [other = null]) => compare(self, other) < 0,
  '>': (self, [other = null]) => compare(self, other) > 0,
  '<=': (self, [other = null]) => compare(self, other) <= 0,
  '>=': (self, [other = null]) => compare(self, other) >= 0,
  'casecmp?': (self, [other = null]) => self.toLowerCase() === toText(other).toLowerCase(),
  casecmp: (self, [other = null]) => Math.sign(compare(self.toLowerCase(), toText(other).toLowerCase())),
  ljust: (self, [width = 0, pad = ' ']) => self.padEnd(Math.min(Number(width), 10_000), toText(pad)),
  rjust: (self, [width = 0, pad = ' ']) => self.padStart(Math.min(Number(width), 10_000), toText(pad)),
  center: (self, [width = 0, pad = ' ']) =>
    self
      .padStart(Math.floor((self.length + Math.min(Number(width), 10_000)) / 2), toText(pad))
      .padEnd(Math.min(Number(width), 10_000), toText(pad)),
  succ: (self) =>
    /^\d+$/.test(self) ? String(Number(self) + 1).padStart(self.length, '0') : unsupported('succ'),
  dump: (self) => JSON.stringify(self),
  encode: (self, [to]) => (isUtf8(to) ? self : unsupported('another encoding')),
  force_encoding: (self, [to]) => (isUtf8(to) ? self : unsupported('another encoding')),
  unicode_normalize: (self) => self.normalize(),
  ord: (self) => self.codePointAt(0) ?? 0,
};

export const SYMBOL_METHODS: Methods<RubySymbol> = {
  to_sym: (self) => self,
  to_proc: (self) => self,
  length: (self) => self.name.length,
  size: (self) => self.name.length,
  upcase: (self) => new RubySymbol(self.name.toUpperCase()),
  downcase: (self) => new RubySymbol(self.name.toLowerCase()),
  '<=>': (self, [other = null]) => Math.sign(compare(self, other)),
};

/** The lines of a text with their ends, or without them (`chomp: true`). */
export function linesOf(text: string, given: readonly Value[]): readonly string[] {
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  return isTrue(options(given, ['chomp']).get('chomp') ?? null)
    ? lines.map((line) => line.replace(/\r?\n$/, ''))
    : lines;
}

function isUtf8(to: Value | undefined): boolean {
  return to === undefined || (typeof to === 'string' && /^utf-?8$/i.test(to));
}

/** Ruby converts nothing to text by itself. */
export function wantText(given: Value): string {
  if (typeof given === 'string') return given;
  throw new RubyFailure('TypeError', `no implicit conversion of ${noun(given)} into String`);
}

function noun(given: Value): string {
  return given === null ? 'nil' : typeof given === 'boolean' ? String(given) : className(given);
}

function unsupported(what: string): never {
  throw new Unsupported(what, -1);
}

function withoutEnd(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function repeated(text: string, count: number): string {
  if (text.length * count > 1_000_000) throw new RubyFailure('ArgumentError', 'argument too big');
  return text.repeat(Math.max(0, count));
}

function regexp(pattern: Value): RegExp {
  if (pattern instanceof RubyRegexp) return pattern.expression;
  return new RegExp(escapeRegExp(wantText(pattern)));
}

function globalPattern(pattern: Value): RegExp {
  const { source, flags } = regexp(pattern);
  return new RegExp(source, `${flags}g`);
}

function delegate(pattern: Value) {
  const expression = regexp(pattern);
  return {
    match(text: string, _world: unknown): Value {
      const found = expression.exec(text);
      if (!found) return null;
      return RubyHash.from([...found].map((group, at) => [at, group ?? null] as const));
    },
  };
}

function substitute(
  self: string,
  [pattern = null, replacement]: readonly Value[],
  block: RubyProc | undefined,
  all: boolean,
): string {
  const { source, flags } = regexp(pattern);
  const expression = new RegExp(source, all ? `${flags}g` : flags);
  return self.replace(expression, (...found: unknown[]) => {
    const match = String(found[0]);
    if (replacement === undefined) return toText(block?.call([match]) ?? null);
    if (replacement instanceof RubyHash) return toText(replacement.get(match) ?? null);
    const names = found.at(-1);
    return wantText(replacement).replaceAll(
      /\\(?:(\d)|k<(\w+)>|(\\))/g,
      (_, digit?: string, name?: string) => {
        if (digit !== undefined) return digit === '0' ? match : group(found[Number(digit)]);
        if (name !== undefined) return group((names as Record<string, unknown> | undefined)?.[name]);
        return '\\';
      },
    );
  });
}

function group(found: unknown): string {
  return typeof found === 'string' ? found : '';
}

function split(self: string, separator: Value, limit: Value | undefined): Value {
  const most = limit === undefined ? 0 : (numeric(limit) ?? 0);
  let parts: string[];
  if (separator === null || separator === ' ') parts = self.trim() === '' ? [] : self.trim().split(/\s+/);
  else parts = self.split(separator instanceof RubyRegexp ? separator.expression : wantText(separator));
  if (most > 0 && parts.length > most && typeof separator === 'string') {
    return [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)];
  }
  if (most === 0) while (parts.at(-1) === '') parts.pop();
  return parts;
}

function index(self: string, [at = null, length]: readonly Value[]): Value {
  if (typeof at === 'string') return self.includes(at) ? at : null;
  if (at instanceof RubyRegexp) {
    const found = at.expression.exec(self);
    if (typeof length === 'string') return found?.groups?.[length] ?? null;
    return found?.[Number(length ?? 0)] ?? null;
  }
  const chars = Array.from(self);
  if (at instanceof RubyRange) {
    const from = position(numeric(at.from) ?? 0, chars.length);
    const end = position(numeric(at.to) ?? -1, chars.length);
    return from > chars.length || from < 0 ? null : chars.slice(from, at.exclusive ? end : end + 1).join('');
  }
  const from = position(numeric(at) ?? 0, chars.length);
  if (length === undefined) return chars[from] ?? null;
  return from > chars.length ? null : chars.slice(from, from + (numeric(length) ?? 0)).join('');
}

export function position(at: number, length: number): number {
  return at < 0 ? length + at : at;
}

/** `tr`: sets with ranges and a leading ^; a shorter target repeats its last character. */
function translate(text: string, from: string, to: string): string {
  const source = expandSet(from.replace(/^\^(?=.)/, ''));
  const target = expandSet(to);
  const negated = from.length > 1 && from.startsWith('^');
  return Array.from(text)
    .map((char) => {
      const at = source.indexOf(char);
      if (negated) return at === -1 ? (target.at(-1) ?? '') : char;
      return at === -1 ? char : (target[Math.min(at, target.length - 1)] ?? '');
    })
    .join('');
}

function inSet(char: string, set: string): boolean {
  const negated = set.length > 1 && set.startsWith('^');
  return expandSet(negated ? set.slice(1) : set).includes(char) !== negated;
}

function expandSet(set: string): readonly string[] {
  const chars = Array.from(set);
  const all: string[] = [];
  for (let i = 0; i < chars.length; i += 1) {
    const [char = '', dash, end] = chars.slice(i, i + 3);
    if (dash !== '-' || end === undefined) {
      all.push(char);
      continue;
    }
    for (let code = char.charCodeAt(0); code <= end.charCodeAt(0); code += 1)
      all.push(String.fromCharCode(code));
    i += 2;
  }
  return all;
}

/** `format` for the directives that occur: %s %d %i %f %x %o %p %% with flags, width and precision, `%{name}`. */
function format(template: string, args: readonly Value[]): string {
  let next = 0;
  const [only] = args;
  return template.replaceAll(
    /%(?:%|\{(\w+)\}|(?:<(\w+)>)?([-+0 ]*)(\d+)?(?:\.(\d+))?([sdifxXop])|)/g,
    (whole, plain?: string, name?: string, flags = '', width?: string, precision?: string, kind?: string) => {
      if (whole === '%%') return '%';
      if (whole === '%') return unsupported('such a format');
      const key = plain ?? name;
      const given = key === undefined ? (args[next++] ?? null) : namedArgument(only ?? null, key);
      if (plain !== undefined) return toText(given);
      const text = formatOne(given, kind ?? 's', precision, flags);
      if (flags.includes('-')) return text.padEnd(Number(width ?? 0));
      return text.padStart(Number(width ?? 0), flags.includes('0') && kind !== 's' ? '0' : ' ');
    },
  );
}

function namedArgument(hash: Value, key: string): Value {
  const found = hash instanceof RubyHash ? hash.get(new RubySymbol(key)) : undefined;
  if (found === undefined) throw new RubyFailure('KeyError', `key<${key}> not found`);
  return found;
}

function formatOne(given: Value, kind: string, precision: string | undefined, flags: string): string {
  if (kind === 's') return toText(given).slice(0, precision === undefined ? undefined : Number(precision));
  if (kind === 'p') return unsupported('%p');
  const number = numeric(given) ?? Number(isTrue(given) ? toText(given) : Number.NaN);
  if (Number.isNaN(number)) throw new RubyFailure('ArgumentError', `invalid value for ${kind}`);
  const sign = flags.includes('+') && number >= 0 ? '+' : '';
  if (kind === 'f') return sign + number.toFixed(precision === undefined ? 6 : Number(precision));
  const whole = Math.floor(number);
  if (kind === 'x') return sign + whole.toString(16);
  if (kind === 'X') return sign + whole.toString(16).toUpperCase();
  return sign + whole.toString(kind === 'o' ? 8 : 10);
}
