import type { Ast } from '../../config/erb/ast.ts';
import {
  asText,
  containing,
  isList,
  jsPattern,
  literal,
  negated,
  pattern,
  type Shape,
  Unfit,
} from '../values.ts';
import { type Evaluator, Octal, Pattern, type Scope, valueOf } from './value.ts';

/** A matcher of RSpec as it is written: `cmp >= 5`, `be_listening.with('tcp')`. */
export interface Written {
  readonly name: string;
  readonly args: readonly unknown[];
  /** `>=` of `cmp >= 5`. */
  readonly operator?: string;
  /** What is called on it: `with` of `be_listening.with('tcp')`. */
  readonly chain: readonly { readonly name: string; readonly args: readonly unknown[] }[];
}

const OPERATORS = new Set(['==', '!=', '>', '>=', '<', '<=', '=~']);

/** Throws `Unfit` for what is no matcher of that form. */
export function writtenMatcher(ast: Ast, scope: Scope, on: Evaluator): Written {
  if (ast.t !== 'call') throw new Unfit('expected a matcher such as eq or match');
  const { receiver, name } = ast;
  const args = ast.args.map((one) => valueOf(one, scope, on));
  if (receiver === undefined) return { name, args, chain: [] };
  const inner = writtenMatcher(receiver, scope, on);
  return OPERATORS.has(name)
    ? { ...inner, args: [...inner.args, ...args], operator: name }
    : { ...inner, chain: [...inner.chain, { name, args }] };
}

/** What is expected of a value, in our words. Throws `Unfit`. */
export function valueMatcher(written: Written, shape: Shape, isPositive: boolean): unknown {
  const made = positive(written, shape);
  return isPositive ? made : negative(made, written, shape);
}

function negative(made: unknown, { name, args }: Written, shape: Shape): unknown {
  if (name !== 'include' || !isList(shape)) return negated(made);
  const values = args.flat().map((one) => element(one, shape));
  return { none: values.length === 1 ? values[0] : { any: values } };
}

const COMPARED: Readonly<Record<string, string>> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' };

function positive(written: Written, shape: Shape): unknown {
  const { name, args, operator, chain } = written;
  const [value] = args;
  if (chain.length > 0 && name !== 'be_between' && name !== 'be_within')
    throw new Unfit(`no equal of ${name}.${chain[0]?.name}`);
  if (operator !== undefined) return compared(operator, value, shape);
  switch (name) {
    case 'eq':
    case 'eql':
    case 'equal':
    case 'cmp':
    case 'be':
      if (args.length !== 1) throw new Unfit(`${name} needs one value`);
      return equalTo(value, shape);
    case 'match':
      return matching(value, shape);
    case 'include':
    case 'contain':
      return including(args, shape);
    case 'start_with':
    case 'end_with':
      return { [name === 'start_with' ? 'startsWith' : 'endsWith']: String(value) };
    case 'be_in':
      if (!Array.isArray(value)) throw new Unfit('be_in takes a list');
      return isList(shape)
        ? { subset: value.map((one) => element(one, shape)) }
        : { oneOf: value.map((one) => plainOf(one, shape)) };
    case 'contain_exactly':
    case 'match_array':
      return {
        exactly: (name === 'match_array' && Array.isArray(value) ? value : args).map((one) =>
          element(one, shape),
        ),
      };
    case 'be_nil':
      return { absent: true };
    case 'be_empty':
      return isList(shape) ? { absent: true } : { equal: '' };
    case 'be_between':
      return { between: [numberOf(args[0]), numberOf(args[1])] };
    case 'be_within': {
      const [delta, middle] = [numberOf(value), numberOf(chain[0]?.args[0])];
      return { between: [middle - delta, middle + delta] };
    }
    case 'be_truthy':
    case 'be_true':
      return true;
    case 'be_falsey':
    case 'be_false':
      return false;
    default:
      throw new Unfit(`no equal of the matcher ${name}`);
  }
}

function compared(operator: string, value: unknown, shape: Shape): unknown {
  if (operator === '==') return equalTo(value, shape);
  if (operator === '!=') return negated(equalTo(value, shape));
  if (operator === '=~') return matching(value, shape);
  if (shape === 'mode') throw new Unfit('modes are not compared by size');
  return { [COMPARED[operator] ?? '']: value };
}

function equalTo(value: unknown, shape: Shape): unknown {
  if (value instanceof Pattern) return matching(value, shape);
  if (value === null) return { absent: true };
  if (isList(shape))
    return { exactly: (Array.isArray(value) ? value : [value]).map((one) => element(one, shape)) };
  if (shape === 'long') return { equal: asText(value) };
  const plain = plainOf(value, shape);
  if (shape === 'any' && typeof plain === 'object') return { equal: plain };
  if (Array.isArray(plain)) throw new Unfit('a list for a single value');
  return literal(plain, shape);
}

/** A value as the attribute has it: modes as octal digits, numbers as numbers, everything else as text. */
function plainOf(value: unknown, shape: Shape): unknown {
  if (value instanceof Octal)
    return shape === 'mode' ? value.digits.padStart(4, '0') : Number.parseInt(value.digits, 8);
  if (shape === 'mode') return modeOf(value);
  if (shape === 'number') return numberOf(value);
  if (shape === 'any' || typeof value === 'boolean' || Array.isArray(value)) return value;
  return String(value);
}

/** InSpec's mode is the number, which reads 420 in decimal for 0644. */
function modeOf(value: unknown): string {
  if (typeof value === 'number') return value.toString(8).padStart(4, '0');
  if (typeof value === 'string' && /^0?o?[0-7]{3,4}$/.test(value))
    return value.replace(/^0?o?/, '').padStart(4, '0');
  throw new Unfit('these are no permission bits');
}

function numberOf(value: unknown): number {
  const number = value instanceof Octal ? Number.parseInt(value.digits, 8) : Number(value);
  if (value === null || value === '' || Number.isNaN(number)) throw new Unfit('expected a number');
  return number;
}

function matching(value: unknown, shape: Shape): unknown {
  const given = value instanceof Pattern ? value : new Pattern(String(value), '');
  const made = jsPattern(given.source, given.flags, shape);
  const found = pattern(made.source, made.flags, shape);
  return isList(shape) ? { any: found } : found;
}

function including(args: readonly unknown[], shape: Shape): unknown {
  if (args.length === 0) throw new Unfit('include needs a value');
  if (isList(shape) || shape === 'any') return args.flat().map((one) => element(one, shape));
  const parts = args.map((one) =>
    one instanceof Pattern ? matching(one, shape) : containing(String(one), shape),
  );
  return parts.length === 1 ? parts[0] : { all: parts };
}

function element(value: unknown, shape: Shape): unknown {
  const own = shape === 'plain list' ? 'plain' : shape === 'list' ? 'text' : shape;
  if (value instanceof Pattern) return matching(value, own);
  return literal(plainOf(value, own), own);
}
