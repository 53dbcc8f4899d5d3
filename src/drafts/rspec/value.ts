import type { Ast, Call } from '../../config/erb/ast.ts';
import { Unfit } from '../values.ts';

/** A regular expression of Ruby. */
export class Pattern {
  readonly source: string;
  readonly flags: string;
  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }
}

/** A number as it was written in octal, such as the mode 0644. */
export class Octal {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

/** Names whose values are known: parameters of unrolled loops, and variables that were given a literal. */
export type Scope = ReadonlyMap<string, unknown>;

export interface Evaluator {
  /** The text of the source at an offset. */
  textAt(offset: number): string;
  /** Hears of what was assumed, e.g. the default of an input. */
  note(text: string): void;
}

/** The value of a literal: text, number, true, false, null, list, map, `Pattern` or `Octal`. Throws `Unfit`. */
export function valueOf(ast: Ast, scope: Scope, on: Evaluator): unknown {
  switch (ast.t) {
    case 'nil':
      return null;
    case 'true':
      return true;
    case 'false':
      return false;
    case 'int': {
      const octal = /^0o?([0-7]+)\b/.exec(on.textAt(ast.at))?.[1];
      return octal === undefined ? ast.value : new Octal(octal);
    }
    case 'float':
      return ast.value;
    case 'symbol':
      return ast.name;
    case 'string':
      return textOf(ast.parts, scope, on);
    case 'regexp':
      return new Pattern(textOf(ast.parts, scope, on, true), ast.flags);
    case 'array':
      return ast.items.map((one) => valueOf(one, scope, on));
    case 'hash':
      return Object.fromEntries(
        ast.pairs.map(([key, value]) => [String(valueOf(key, scope, on)), valueOf(value, scope, on)]),
      );
    case 'range': {
      const [from, to] = [valueOf(ast.from, scope, on), valueOf(ast.to, scope, on)];
      if (typeof from !== 'number' || typeof to !== 'number' || to - from > 1000) break;
      const last = ast.exclusive ? to - 1 : to;
      return Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
    }
    case 'seq':
      if (ast.body.length === 1 && ast.body[0]) return valueOf(ast.body[0], scope, on);
      break;
    case 'variable':
    case 'local':
    case 'const':
      if (scope.has(ast.name)) return scope.get(ast.name);
      throw new Unfit(`${ast.name} is known only when the file is run`);
    case 'call':
      return callValue(ast, scope, on);
    default:
      break;
  }
  throw new Unfit('only literal values can be taken over');
}

function textOf(parts: readonly (string | Ast)[], scope: Scope, on: Evaluator, isPattern = false): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = valueOf(part, scope, on);
      if (value instanceof Pattern && isPattern) return value.source;
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new Unfit('only literal values can be taken over');
      return String(value);
    })
    .join('');
}

function callValue(call: Call, scope: Scope, on: Evaluator): unknown {
  const { receiver, name, args, bare } = call;
  if (bare && scope.has(name)) return scope.get(name);
  if (receiver === undefined && (name === 'input' || name === 'attribute'))
    return inputValue(args, scope, on);
  if (receiver === undefined) throw new Unfit(`${name} is known only when the file is run`);
  if (receiver.t === 'const' && receiver.name === 'Regexp' && name === 'new' && args[0])
    return regexpOf(args[0], scope, on);
  const value = valueOf(receiver, scope, on);
  if (args.length === 0 && ['freeze', 'to_s', 'dup', 'to_sym'].includes(name)) return value;
  if (args.length === 0 && typeof value === 'string') {
    if (name === 'strip') return value.trim();
    if (name === 'chomp') return value.replace(/\n$/, '');
    if (name === 'upcase') return value.toUpperCase();
    if (name === 'downcase') return value.toLowerCase();
  }
  const [argument] = args;
  if (name === '+' && argument) {
    const other = valueOf(argument, scope, on);
    if (typeof value === 'string' && typeof other === 'string') return value + other;
    if (typeof value === 'number' && typeof other === 'number') return value + other;
    if (Array.isArray(value) && Array.isArray(other)) return [...value, ...other];
  }
  if (name === '-@' && typeof value === 'number') return -value;
  if (name === '*' && argument && typeof value === 'number') {
    const other = valueOf(argument, scope, on);
    if (typeof other === 'number') return value * other;
  }
  if (name === '[]' && argument && typeof value === 'object' && value !== null) {
    const found: unknown = Reflect.get(value, String(valueOf(argument, scope, on)));
    if (found !== undefined) return found;
  }
  throw new Unfit(`.${name} is known only when the file is run`);
}

/** `input('port', value: 80)`: the value that stands in the file. */
function inputValue(args: readonly Ast[], scope: Scope, on: Evaluator): unknown {
  const [name, options] = args.map((one) => valueOf(one, scope, on));
  const given = typeof options === 'object' && options !== null ? (options as Record<string, unknown>) : {};
  const value = given['value'] ?? given['default'];
  if (value === undefined) throw new Unfit(`the input '${String(name)}' has no value in this file`);
  on.note(`the input '${String(name)}' stands here with the value of the file`);
  return value;
}

function regexpOf(ast: Ast, scope: Scope, on: Evaluator): Pattern {
  const value = valueOf(ast, scope, on);
  if (value instanceof Pattern) return value;
  if (typeof value === 'string') return new Pattern(value, '');
  throw new Unfit('only literal values can be taken over');
}
