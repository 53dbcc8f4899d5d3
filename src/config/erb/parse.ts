import type { Ast } from './ast.ts';
import type { Token } from './lex.ts';
import { argument, blockOf, list, parameters, postfix, withCall } from './parse-call.ts';
import { keywordExpression, stabbyLambda } from './parse-control.ts';
import { expression, notExpression, notOperand, program, ternary, unary } from './parse-expression.ts';
import { primary } from './parse-primary.ts';
import { createCursor, type Parser } from './parser.ts';

/** Parses the tokens of a template (or of a piece of Ruby). Throws `Unsupported` for what is not known here. */
export function parse(tokens: readonly Token[]): Ast {
  const parser: Parser = Object.assign(createCursor(tokens), {
    parse,
    program: (...terminators: readonly string[]) => program(parser, ...terminators),
    notExpression: () => notExpression(parser),
    notOperand: () => notOperand(parser),
    expression: () => expression(parser),
    ternary: () => ternary(parser),
    unary: () => unary(parser),
    primary: () => primary(parser),
    postfix: (start: Ast) => postfix(parser, start),
    keywordExpression: (token: Token) => keywordExpression(parser, token),
    stabbyLambda: (at: number) => stabbyLambda(parser, at),
    withCall: (call: Parameters<Parser['withCall']>[0]) => withCall(parser, call),
    blockOf: () => blockOf(parser),
    parameters: (close: string) => parameters(parser, close),
    list: (close: string) => list(parser, close),
    argument: () => argument(parser),
  });
  const whole = parser.program();
  if (!parser.is('end')) parser.fail();
  return whole;
}
