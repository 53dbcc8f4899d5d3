import type { Ast, Param } from './ast.ts';
import { Unsupported } from './failure.ts';
import type { Token } from './lex.ts';
import type { Parser } from './parser.ts';

export function keywordExpression(p: Parser, token: Token): Ast {
  const { at } = token;
  switch (token.value) {
    case 'nil':
    case 'true':
    case 'false':
    case 'self':
      return { t: token.value, at };
    case '__FILE__':
      return { t: 'file', at };
    case '__dir__':
      return { t: 'dir', at };
    case 'if':
      return conditional(p, at, false);
    case 'unless':
      return conditional(p, at, true);
    case 'while':
    case 'until':
      return loop(p, at, token.value === 'until');
    case 'for':
      return forLoop(p, at);
    case 'case':
      return caseExpression(p, at);
    case 'begin':
      return beginBlock(p, at);
    case 'def':
      return definition(p, at);
    case 'next':
    case 'break':
    case 'return': {
      const ends = p.is('newline') || p.is('end') || p.keyword('if', 'unless');
      return { t: 'jump', kind: token.value, value: ends ? undefined : p.ternary(), at };
    }
    case 'raise':
      return p.withCall({ receiver: undefined, name: 'raise', safe: false, at });
    case 'lambda':
    case 'proc': {
      const block = p.blockOf() ?? p.fail();
      return { t: 'lambda', block, strict: token.value === 'lambda', at };
    }
    default:
      return p.fail(token);
  }
}

function testExpression(p: Parser): Ast {
  p.noDo += 1;
  const test = p.notExpression();
  p.noDo -= 1;
  return test;
}

function conditional(p: Parser, at: number, negated: boolean): Ast {
  const given = testExpression(p);
  p.accept('keyword', 'then');
  const test: Ast = negated ? { t: 'not', value: given, at } : given;
  const yes = p.program('elsif', 'else', 'end');
  const { value } = p.next();
  if (value === 'elsif') return { t: 'if', test, yes, otherwise: conditional(p, at, false), at };
  if (value !== 'else') return { t: 'if', test, yes, otherwise: undefined, at };
  const otherwise = p.program('end');
  p.expect('keyword', 'end');
  return { t: 'if', test, yes, otherwise, at };
}

function loop(p: Parser, at: number, negated: boolean): Ast {
  const given = testExpression(p);
  p.accept('keyword', 'do');
  const body = p.program('end');
  p.expect('keyword', 'end');
  return { t: 'while', test: negated ? { t: 'not', value: given, at } : given, body, at };
}

function forLoop(p: Parser, at: number): Ast {
  const params: Param[] = [];
  do params.push({ name: p.expect('ident').value, fallback: undefined });
  while (p.accept('op', ','));
  p.expect('keyword', 'in');
  const receiver = testExpression(p);
  p.accept('keyword', 'do');
  const body = p.program('end');
  p.expect('keyword', 'end');
  return {
    t: 'call',
    receiver,
    name: 'each',
    args: [],
    block: { params, body },
    blockArgument: undefined,
    safe: false,
    bare: false,
    at,
  };
}

function caseExpression(p: Parser, at: number): Ast {
  const subject = p.is('newline') ? undefined : p.notExpression();
  // Text between `case` and the first `when` is layout.
  while (p.is('newline') || p.is('text')) p.next();
  const whens: { tests: readonly Ast[]; body: Ast }[] = [];
  while (p.accept('keyword', 'when')) {
    const tests: Ast[] = [];
    p.insideList += 1;
    do {
      p.skipNewlines();
      tests.push(p.argument());
    } while (p.accept('op', ','));
    p.insideList -= 1;
    p.accept('keyword', 'then');
    whens.push({ tests, body: p.program('when', 'else', 'end') });
  }
  const otherwise = p.accept('keyword', 'else') ? p.program('end') : undefined;
  p.expect('keyword', 'end');
  return { t: 'case', subject, whens, otherwise, at };
}

function beginBlock(p: Parser, at: number): Ast {
  const body = p.program('rescue', 'ensure', 'else', 'end');
  let handler: Ast | undefined;
  while (p.accept('keyword', 'rescue')) {
    if (!p.is('newline')) {
      // Classes and the name of the exception: any failure is handled by the first handler.
      while (!p.is('newline') && !p.keyword('then') && !p.is('end')) {
        if (p.op('=>')) throw new Unsupported('rescue => name', p.peek().at);
        p.next();
      }
    }
    p.accept('keyword', 'then');
    const given = p.program('rescue', 'ensure', 'else', 'end');
    handler ??= given;
  }
  if (p.keyword('else')) p.fail();
  const ensure = p.accept('keyword', 'ensure') ? p.program('end') : undefined;
  p.expect('keyword', 'end');
  if (handler === undefined && ensure === undefined) return body;
  return { t: 'rescue', body, handler: handler ?? { t: 'nil', at }, ensure, at };
}

function definition(p: Parser, at: number): Ast {
  const name = p.next().value;
  let params: readonly Param[] = [];
  if (p.accept('op', '(')) params = p.op(')') ? (p.next(), []) : p.parameters(')');
  else if (p.is('ident')) {
    const names: Param[] = [];
    do names.push({ name: p.expect('ident').value, fallback: undefined });
    while (p.accept('op', ','));
    params = names;
  }
  const body = p.program('end');
  p.expect('keyword', 'end');
  return { t: 'def', name, params, body, at };
}

export function stabbyLambda(p: Parser, at: number): Ast {
  const params = p.accept('op', '(') ? p.parameters(')') : [];
  const block = p.blockOf() ?? p.fail();
  return { t: 'lambda', block: { params, body: block.body }, strict: true, at };
}
