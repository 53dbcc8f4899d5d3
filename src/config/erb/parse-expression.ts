import type { Ast } from './ast.ts';
import { methodCall } from './parse-call.ts';
import type { Parser } from './parser.ts';

const BINARY: readonly (readonly string[])[] = [
  ['<=>', '==', '===', '!=', '=~', '!~'],
  ['<', '<=', '>', '>='],
  ['|', '^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const ASSIGNMENTS = ['=', '||=', '&&=', '+=', '-=', '*=', '/=', '<<='];

export function program(p: Parser, ...terminators: readonly string[]): Ast {
  const { at } = p.peek();
  const body: Ast[] = [];
  for (;;) {
    p.skipNewlines();
    if (p.is('end') || p.is('close') || (p.peek().type === 'keyword' && terminators.includes(p.peek().value)))
      break;
    if (terminators.includes('}') && p.op('}')) break;
    if (terminators.includes(')') && p.op(')')) break;
    const one = statement(p);
    body.push(one);
    if (one.t === 'text' || one.t === 'output') continue;
    if (
      !p.is('newline', '\n', ';') &&
      !p.is('end') &&
      !p.is('text') &&
      !p.is('output') &&
      !p.is('close') &&
      !atTerminator(p, terminators)
    )
      p.fail();
  }
  return body.length === 1 && body[0] ? body[0] : { t: 'seq', body, at };
}

function atTerminator(p: Parser, terminators: readonly string[]): boolean {
  return (p.peek().type === 'keyword' || p.peek().type === 'op') && terminators.includes(p.peek().value);
}

function statement(p: Parser): Ast {
  const { at } = p.peek();
  if (p.is('text')) return { t: 'text', piece: Number(p.next().value), at };
  if (p.accept('output')) {
    const value = program(p);
    p.expect('close');
    return { t: 'output', value, at };
  }
  let node = notExpression(p);
  for (;;) {
    if (p.accept('keyword', 'if'))
      node = { t: 'if', test: notExpression(p), yes: node, otherwise: undefined, at };
    else if (p.accept('keyword', 'unless')) {
      node = {
        t: 'if',
        test: { t: 'not', value: notExpression(p), at },
        yes: node,
        otherwise: undefined,
        at,
      };
    } else if (p.accept('keyword', 'rescue')) {
      node = { t: 'rescue', body: node, handler: notExpression(p), ensure: undefined, at };
    } else return node;
  }
}

export function notExpression(p: Parser): Ast {
  let left = notOperand(p);
  while (p.keyword('and', 'or')) {
    const { value, at } = p.next();
    p.skipNewlines();
    left = { t: value === 'and' ? 'and' : 'or', left, right: notOperand(p), at };
  }
  return left;
}

export function notOperand(p: Parser): Ast {
  const { at } = p.peek();
  return p.accept('keyword', 'not') ? { t: 'not', value: notOperand(p), at } : expression(p);
}

export function expression(p: Parser): Ast {
  const { at } = p.peek();
  const left = ternary(p);
  if (p.op(',') && isTarget(left) && looksLikeMultipleAssignment(p)) return multipleAssignment(p, left);
  if (!p.op(...ASSIGNMENTS)) return left;
  if (!isTarget(left)) return p.fail();
  const operator = p.next().value;
  p.skipNewlines();
  const first = assignedValue(p);
  // `a = 1, 2` makes a list.
  const value = operator === '=' && p.op(',') && !p.insideList ? listFrom(p, first) : first;
  return { t: 'assign', target: left, value, operator, at };
}

function assignedValue(p: Parser): Ast {
  const { at } = p.peek();
  const value = expression(p);
  if (!p.accept('keyword', 'rescue')) return value;
  return { t: 'rescue', body: value, handler: expression(p), ensure: undefined, at };
}

function listFrom(p: Parser, first: Ast): Ast {
  const items = [first];
  while (p.accept('op', ',')) items.push(ternary(p));
  return { t: 'array', items, at: first.at };
}

function looksLikeMultipleAssignment(p: Parser): boolean {
  if (p.insideList) return false;
  let ahead = 0;
  for (;;) {
    const token = p.peek(ahead);
    if (token.type === 'op' && token.value === '=') return true;
    if (!(token.type === 'ident' || (token.type === 'op' && [',', '*'].includes(token.value)))) return false;
    ahead += 1;
  }
}

function multipleAssignment(p: Parser, first: Ast): Ast {
  const targets = [first];
  while (p.accept('op', ',')) {
    const { at } = p.peek();
    targets.push(p.accept('op', '*') ? { t: 'splat', value: p.primary(), at } : p.primary());
  }
  p.expect('op', '=');
  const value = ternary(p);
  return { t: 'multi', targets, value: p.op(',') ? listFrom(p, value) : value, at: first.at };
}

function isTarget(node: Ast): boolean {
  if (node.t === 'variable' || node.t === 'const') return true;
  return node.t === 'call' && node.block === undefined && (node.bare || node.name === '[]');
}

export function ternary(p: Parser): Ast {
  const test = range(p);
  if (!p.op('?')) return test;
  const { at } = p.next();
  p.skipNewlines();
  const yes = ternary(p);
  p.skipNewlines();
  p.expect('op', ':');
  p.skipNewlines();
  return { t: 'if', test, yes, otherwise: ternary(p), at };
}

function range(p: Parser): Ast {
  const from = or(p);
  if (!p.op('..', '...')) return from;
  const { value, at } = p.next();
  return { t: 'range', from, to: or(p), exclusive: value === '...', at };
}

function or(p: Parser): Ast {
  let left = and(p);
  while (p.op('||')) {
    const { at } = p.next();
    p.skipNewlines();
    left = { t: 'or', left, right: and(p), at };
  }
  return left;
}

function and(p: Parser): Ast {
  let left = not(p);
  while (p.op('&&')) {
    const { at } = p.next();
    p.skipNewlines();
    left = { t: 'and', left, right: not(p), at };
  }
  return left;
}

function not(p: Parser): Ast {
  const { at } = p.peek();
  if (p.accept('op', '!')) return { t: 'not', value: not(p), at };
  if (!p.accept('keyword', 'defined?')) return binary(p, 0);
  const paren = p.accept('op', '(');
  const value = paren ? notExpression(p) : unary(p);
  if (paren) p.expect('op', ')');
  return { t: 'defined', value, at };
}

function binary(p: Parser, level: number): Ast {
  const operators = BINARY[level];
  if (operators === undefined) return unary(p);
  let left = binary(p, level + 1);
  while (p.op(...operators)) {
    const { value, at } = p.next();
    p.skipNewlines();
    const right = level === 0 && p.op('!') ? not(p) : binary(p, level + 1);
    const negated = value === '!=' ? '==' : value === '!~' ? '=~' : undefined;
    const call = methodCall(left, negated ?? value, [right], at);
    left = negated === undefined ? call : { t: 'not', value: call, at };
  }
  return left;
}

export function unary(p: Parser): Ast {
  const { at } = p.peek();
  if (p.accept('op', '-')) {
    const isLiteral = p.is('int') || p.is('float');
    if (isLiteral && !p.peek().spaceBefore && !(p.peek(1).type === 'op' && p.peek(1).value === '**')) {
      const literal = { t: p.peek().type as 'int' | 'float', value: -Number(p.next().value), at } as const;
      return p.postfix(literal);
    }
    return methodCall(unary(p), '-@', [], at);
  }
  if (p.accept('op', '+')) return unary(p);
  if (p.accept('op', '!')) return { t: 'not', value: unary(p), at };
  const base = p.postfix(p.primary());
  if (!p.op('**')) return base;
  p.next();
  return methodCall(base, '**', [unary(p)], at);
}
