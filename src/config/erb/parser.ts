import type { Ast, Block, Param } from './ast.ts';
import { Unsupported } from './failure.ts';
import type { Token } from './lex.ts';

/** A place in a list of tokens, and the parts of the grammar, which need each other. */
export interface Parser {
  peek(ahead?: number): Token;
  next(): Token;
  is(type: Token['type'], ...values: readonly string[]): boolean;
  op(...values: readonly string[]): boolean;
  keyword(...values: readonly string[]): boolean;
  /** Steps over the next token if it is that one. */
  accept(type: Token['type'], ...values: readonly string[]): boolean;
  expect(type: Token['type'], ...values: readonly string[]): Token;
  skipNewlines(): void;
  fail(token?: Token): never;
  /** Above 0 while a `do` belongs to something further out (`while x do`, arguments of a command call). */
  noDo: number;
  /** Above 0 inside a list, where a comma does not begin a multiple assignment. */
  insideList: number;
  /** Hashes of one pair that stand in a list without braces. */
  readonly loosePairs: WeakSet<Ast>;
  /** Values given as `&value`. */
  readonly blockPasses: WeakSet<Ast>;

  /** Another piece of Ruby, such as an interpolation. */
  parse(tokens: readonly Token[]): Ast;
  /** Statements up to (not including) one of these keywords or closing brackets. */
  program(...terminators: readonly string[]): Ast;
  notExpression(): Ast;
  notOperand(): Ast;
  expression(): Ast;
  ternary(): Ast;
  unary(): Ast;
  primary(): Ast;
  postfix(start: Ast): Ast;
  keywordExpression(token: Token): Ast;
  stabbyLambda(at: number): Ast;
  withCall(call: { receiver: Ast | undefined; name: string; safe: boolean; at: number }): Ast;
  blockOf(): Block | undefined;
  parameters(close: string): readonly Param[];
  list(close: string): readonly Ast[];
  argument(): Ast;
}

export type Cursor = Pick<
  Parser,
  | 'peek'
  | 'next'
  | 'is'
  | 'op'
  | 'keyword'
  | 'accept'
  | 'expect'
  | 'skipNewlines'
  | 'fail'
  | 'noDo'
  | 'insideList'
  | 'loosePairs'
  | 'blockPasses'
>;

export function createCursor(tokens: readonly Token[]): Cursor {
  let pos = 0;
  const end: Token = {
    type: 'end',
    value: 'end of code',
    at: tokens.at(-1)?.at ?? 0,
    spaceBefore: true,
    spaceAfter: true,
  };
  const peek = (ahead = 0): Token => tokens[pos + ahead] ?? end;
  const is = (type: Token['type'], ...values: readonly string[]): boolean =>
    peek().type === type && (values.length === 0 || values.includes(peek().value));
  const next = (): Token => {
    const token = peek();
    pos += 1;
    return token;
  };
  const fail = (token = peek()): never => {
    const isTagEnd = ['text', 'output', 'close'].includes(token.type);
    const what = isTagEnd ? 'the end of the tag' : token.value.trim();
    throw new Unsupported(`unexpected ${what === '' ? 'line end' : what}`, token.at);
  };
  return {
    peek,
    is,
    next,
    fail,
    op: (...values) => is('op', ...values),
    keyword: (...values) => is('keyword', ...values),
    accept(type, ...values) {
      if (!is(type, ...values)) return false;
      pos += 1;
      return true;
    },
    expect: (type, ...values) => (is(type, ...values) ? next() : fail()),
    skipNewlines() {
      while (is('newline')) pos += 1;
    },
    noDo: 0,
    insideList: 0,
    loosePairs: new WeakSet(),
    blockPasses: new WeakSet(),
  };
}
