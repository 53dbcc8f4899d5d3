import type { Ast, Block, Param } from './ast.ts';
import { Unsupported } from './failure.ts';
import type { Parser } from './parser.ts';

/** A call with an operator's or a plain method's name. */
export function methodCall(receiver: Ast | undefined, name: string, args: readonly Ast[], at: number): Ast {
  return {
    t: 'call',
    receiver,
    name,
    args,
    block: undefined,
    blockArgument: undefined,
    safe: false,
    bare: false,
    at,
  };
}

export function postfix(p: Parser, start: Ast): Ast {
  let node = start;
  for (;;) {
    const { at } = p.peek();
    if (p.op('.', '&.') || (p.is('newline', '\n') && leadsWithDot(p))) {
      p.skipNewlines();
      const safe = p.next().value === '&.';
      if (p.op('(')) {
        node = withCall(p, { receiver: node, name: 'call', safe, at });
        continue;
      }
      const name = p.next();
      if (!['ident', 'const', 'keyword'].includes(name.type)) p.fail(name);
      if (name.type === 'ident' && p.op('=') && p.peek().spaceBefore) {
        throw new Unsupported(`assignment to .${name.value}`, name.at);
      }
      node = withCall(p, { receiver: node, name: name.value, safe, at: name.at });
    } else if (p.op('::')) {
      p.next();
      const name = p.next();
      if (name.type === 'const' && node.t === 'const' && !(p.op('(') && !p.peek().spaceBefore)) {
        node = { t: 'const', name: `${node.name}::${name.value}`, at };
      } else node = withCall(p, { receiver: node, name: name.value, safe: false, at: name.at });
    } else if (p.op('[') && !p.peek().spaceBefore) {
      p.next();
      node = methodCall(node, '[]', list(p, ']'), at);
    } else return node;
  }
}

function leadsWithDot(p: Parser): boolean {
  let ahead = 0;
  while (p.peek(ahead).type === 'newline' && p.peek(ahead).value === '\n') ahead += 1;
  return p.peek(ahead).type === 'op' && ['.', '&.'].includes(p.peek(ahead).value);
}

/** Arguments and block of a call whose name has just been read. */
export function withCall(
  p: Parser,
  call: { receiver: Ast | undefined; name: string; safe: boolean; at: number },
): Ast {
  let args: readonly Ast[] = [];
  let hasArgs = false;
  if (p.op('(') && !p.peek().spaceBefore) {
    p.next();
    const depth = p.noDo;
    p.noDo = 0;
    args = list(p, ')');
    p.noDo = depth;
    hasArgs = true;
  } else if (startsArgument(p)) {
    p.noDo += 1;
    args = commandArguments(p);
    p.noDo -= 1;
    hasArgs = true;
  }
  const given = args.at(-1);
  const blockArgument = given?.t === 'splat' && isBlockPass(p, given) ? given.value : undefined;
  const block = blockOf(p);
  return {
    t: 'call',
    ...call,
    args: blockArgument ? args.slice(0, -1) : args,
    block,
    blockArgument,
    bare: call.receiver === undefined && !hasArgs && block === undefined,
  };
}

export function blockOf(p: Parser): Block | undefined {
  if (p.op('{')) {
    p.next();
    return blockBody(p, '}');
  }
  if (p.noDo > 0 || !p.keyword('do')) return undefined;
  p.next();
  return blockBody(p, 'end');
}

function blockBody(p: Parser, end: '}' | 'end'): Block {
  const depth = p.noDo;
  const inList = p.insideList;
  p.noDo = 0;
  p.insideList = 0;
  const params = p.accept('op', '|') ? parameters(p, '|') : [];
  if (p.op('||')) p.next();
  const body = p.program(end, 'rescue');
  if (p.keyword('rescue')) throw new Unsupported('rescue in a block', p.peek().at);
  p.next();
  p.noDo = depth;
  p.insideList = inList;
  return { params, body };
}

export function parameters(p: Parser, close: string): readonly Param[] {
  const params: Param[] = [];
  while (!p.op(close)) {
    const splat = p.accept('op', '*');
    if (p.accept('op', '(')) params.push({ name: '', fallback: undefined, inner: parameters(p, ')') });
    else {
      const name = p.expect('ident').value;
      // A default may not contain a bare `|`.
      const fallback = p.accept('op', '=') ? postfix(p, p.primary()) : undefined;
      params.push({ name, fallback, ...(splat && { splat }) });
    }
    if (!p.accept('op', ',')) break;
  }
  p.expect('op', close);
  return params;
}

function startsArgument(p: Parser): boolean {
  const token = p.peek();
  if (!token.spaceBefore) return false;
  if (
    ['int', 'float', 'string', 'symbol', 'regexp', 'words', 'ident', 'const', 'variable', 'label'].includes(
      token.type,
    )
  ) {
    return true;
  }
  if (token.type === 'keyword') {
    return ['nil', 'true', 'false', 'not', 'defined?', '__FILE__', '__dir__', 'lambda'].includes(token.value);
  }
  return token.type === 'op' && ['[', '->', '!', '::'].includes(token.value) && !token.spaceAfter;
}

function commandArguments(p: Parser): readonly Ast[] {
  const args: Ast[] = [];
  p.insideList += 1;
  do {
    p.skipNewlines();
    args.push(argument(p));
  } while (p.accept('op', ','));
  p.insideList -= 1;
  return foldLabels(p, args);
}

export function list(p: Parser, close: string): readonly Ast[] {
  const items: Ast[] = [];
  p.insideList += 1;
  p.skipNewlines();
  while (!p.op(close)) {
    items.push(argument(p));
    p.skipNewlines();
    if (!p.accept('op', ',')) break;
    p.skipNewlines();
  }
  p.expect('op', close);
  p.insideList -= 1;
  return foldLabels(p, items);
}

/** One argument or list item; `key: value` and `key => value` come back as a hash of one pair. */
export function argument(p: Parser): Ast {
  const { at } = p.peek();
  if (p.accept('op', '*')) return { t: 'splat', value: p.ternary(), at };
  if (p.accept('op', '&')) {
    const value = p.ternary();
    p.blockPasses.add(value);
    return { t: 'splat', value, at };
  }
  if (p.is('label')) {
    const key: Ast = { t: 'symbol', name: p.next().value, at };
    p.skipNewlines();
    return pair(p, key, notExpressionItem(p));
  }
  if (p.is('string') && p.peek(1).type === 'op' && p.peek(1).value === ':' && !p.peek(1).spaceBefore) {
    const name = (p.next().parts ?? []).filter((part) => typeof part === 'string').join('');
    p.next();
    p.skipNewlines();
    return pair(p, { t: 'symbol', name, at }, notExpressionItem(p));
  }
  const value = notExpressionItem(p);
  if (!p.accept('op', '=>')) return value;
  p.skipNewlines();
  return pair(p, value, notExpressionItem(p));
}

function notExpressionItem(p: Parser): Ast {
  return p.keyword('not') ? p.notOperand() : p.expression();
}

function pair(p: Parser, key: Ast, value: Ast): Ast {
  const node: Ast = { t: 'hash', pairs: [[key, value]], at: key.at };
  p.loosePairs.add(node);
  return node;
}

function isBlockPass(p: Parser, node: Ast): boolean {
  return node.t === 'splat' && p.blockPasses.has(node.value);
}

/** Loose pairs at the end of a list are one hash. */
function foldLabels(p: Parser, items: readonly Ast[]): readonly Ast[] {
  const pairs = items.flatMap((item) => (item.t === 'hash' && p.loosePairs.has(item) ? item.pairs : []));
  if (pairs.length === 0) return items;
  const rest = items.filter((item) => !p.loosePairs.has(item));
  const hash: Ast = { t: 'hash', pairs, at: pairs[0]?.[0].at ?? 0 };
  const pass = rest.findIndex((node) => isBlockPass(p, node));
  return pass === -1 ? [...rest, hash] : [...rest.slice(0, pass), hash, ...rest.slice(pass)];
}
