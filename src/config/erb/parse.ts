import type { Ast, Block, Param } from './ast.ts';
import { Unsupported } from './failure.ts';
import { lex, type StringPart, type Token } from './lex.ts';

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

/** Parses the tokens of a template (or of a piece of Ruby). Throws `Unsupported` for what is not known here. */
export function parse(tokens: readonly Token[]): Ast {
  let pos = 0;
  /** Set while a `do` belongs to something further out (`while x do`, arguments of a command call). */
  let noDo = 0;
  const last: Token = {
    type: 'end',
    value: 'end of code',
    at: tokens.at(-1)?.at ?? 0,
    spaceBefore: true,
    spaceAfter: true,
  };

  const peek = (ahead = 0): Token => tokens[pos + ahead] ?? last;
  const is = (type: Token['type'], ...values: readonly string[]): boolean =>
    peek().type === type && (values.length === 0 || values.includes(peek().value));
  const op = (...values: readonly string[]): boolean => is('op', ...values);
  const keyword = (...values: readonly string[]): boolean => is('keyword', ...values);
  const next = (): Token => {
    const token = peek();
    pos += 1;
    return token;
  };
  const fail = (token = peek()): never => {
    const what = token.type === 'text' || token.type === 'output' ? 'the end of the tag' : token.value.trim();
    throw new Unsupported(`unexpected ${what === '' ? 'line end' : what}`, token.at);
  };
  const expect = (type: Token['type'], ...values: readonly string[]): Token =>
    is(type, ...values) ? next() : fail();
  const skipNewlines = () => {
    while (is('newline')) pos += 1;
  };
  const accept = (type: Token['type'], ...values: readonly string[]): boolean => {
    if (!is(type, ...values)) return false;
    pos += 1;
    return true;
  };

  function program(...terminators: readonly string[]): Ast {
    const { at } = peek();
    const body: Ast[] = [];
    for (;;) {
      skipNewlines();
      if (is('end') || is('close') || (peek().type === 'keyword' && terminators.includes(peek().value)))
        break;
      if (terminators.includes('}') && op('}')) break;
      if (terminators.includes(')') && op(')')) break;
      const one = statement();
      body.push(one);
      if (one.t === 'text' || one.t === 'output') continue;
      if (
        !is('newline', '\n', ';') &&
        !is('end') &&
        !is('text') &&
        !is('output') &&
        !is('close') &&
        !atTerminator(terminators)
      )
        fail();
    }
    return body.length === 1 && body[0] ? body[0] : { t: 'seq', body, at };
  }

  function atTerminator(terminators: readonly string[]): boolean {
    return (peek().type === 'keyword' || peek().type === 'op') && terminators.includes(peek().value);
  }

  function statement(): Ast {
    const { at } = peek();
    if (is('text')) return { t: 'text', piece: Number(next().value), at };
    if (accept('output')) {
      const value = program();
      expect('close');
      return { t: 'output', value, at };
    }
    let node = notExpression();
    for (;;) {
      if (accept('keyword', 'if'))
        node = { t: 'if', test: notExpression(), yes: node, otherwise: undefined, at };
      else if (accept('keyword', 'unless')) {
        node = {
          t: 'if',
          test: { t: 'not', value: notExpression(), at },
          yes: node,
          otherwise: undefined,
          at,
        };
      } else if (accept('keyword', 'rescue')) {
        node = { t: 'rescue', body: node, handler: notExpression(), ensure: undefined, at };
      } else return node;
    }
  }

  function notExpression(): Ast {
    let left = notOperand();
    while (keyword('and', 'or')) {
      const { value, at } = next();
      skipNewlines();
      left = { t: value === 'and' ? 'and' : 'or', left, right: notOperand(), at };
    }
    return left;
  }

  function notOperand(): Ast {
    const { at } = peek();
    return accept('keyword', 'not') ? { t: 'not', value: notOperand(), at } : expression();
  }

  function expression(): Ast {
    const { at } = peek();
    const left = ternary();
    if (op(',') && isTarget(left) && looksLikeMultipleAssignment()) return multipleAssignment(left);
    if (!op(...ASSIGNMENTS)) return left;
    if (!isTarget(left)) return fail();
    const operator = next().value;
    skipNewlines();
    const first = assignedValue();
    // `a = 1, 2` makes a list.
    const value = operator === '=' && op(',') && !insideList ? listFrom(first) : first;
    return { t: 'assign', target: left, value, operator, at };
  }

  let insideList = 0;

  function assignedValue(): Ast {
    const { at } = peek();
    const value = expression();
    if (!accept('keyword', 'rescue')) return value;
    return { t: 'rescue', body: value, handler: expression(), ensure: undefined, at };
  }

  function listFrom(first: Ast): Ast {
    const items = [first];
    while (accept('op', ',')) items.push(ternary());
    return { t: 'array', items, at: first.at };
  }

  function looksLikeMultipleAssignment(): boolean {
    if (insideList) return false;
    let ahead = 0;
    for (;;) {
      const token = peek(ahead);
      if (token.type === 'op' && token.value === '=') return true;
      if (!(token.type === 'ident' || (token.type === 'op' && [',', '*'].includes(token.value))))
        return false;
      ahead += 1;
    }
  }

  function multipleAssignment(first: Ast): Ast {
    const targets = [first];
    while (accept('op', ',')) {
      const { at } = peek();
      targets.push(accept('op', '*') ? { t: 'splat', value: primary(), at } : primary());
    }
    expect('op', '=');
    const value = ternary();
    return { t: 'multi', targets, value: op(',') ? listFrom(value) : value, at: first.at };
  }

  function isTarget(node: Ast): boolean {
    if (node.t === 'variable' || node.t === 'const') return true;
    return node.t === 'call' && node.block === undefined && (node.bare || node.name === '[]');
  }

  function ternary(): Ast {
    const test = range();
    if (!op('?')) return test;
    const { at } = next();
    skipNewlines();
    const yes = ternary();
    skipNewlines();
    expect('op', ':');
    skipNewlines();
    return { t: 'if', test, yes, otherwise: ternary(), at };
  }

  function range(): Ast {
    const from = or();
    if (!op('..', '...')) return from;
    const { value, at } = next();
    return { t: 'range', from, to: or(), exclusive: value === '...', at };
  }

  function or(): Ast {
    let left = and();
    while (op('||')) {
      const { at } = next();
      skipNewlines();
      left = { t: 'or', left, right: and(), at };
    }
    return left;
  }

  function and(): Ast {
    let left = not();
    while (op('&&')) {
      const { at } = next();
      skipNewlines();
      left = { t: 'and', left, right: not(), at };
    }
    return left;
  }

  function not(): Ast {
    const { at } = peek();
    if (accept('op', '!')) return { t: 'not', value: not(), at };
    if (!accept('keyword', 'defined?')) return binary(0);
    const paren = accept('op', '(');
    const value = paren ? notExpression() : unary();
    if (paren) expect('op', ')');
    return { t: 'defined', value, at };
  }

  function binary(level: number): Ast {
    const operators = BINARY[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    while (op(...operators)) {
      const { value, at } = next();
      skipNewlines();
      const right = level === 0 && op('!') ? not() : binary(level + 1);
      const negated = value === '!=' ? '==' : value === '!~' ? '=~' : undefined;
      const call = method(left, negated ?? value, [right], at);
      left = negated === undefined ? call : { t: 'not', value: call, at };
    }
    return left;
  }

  function unary(): Ast {
    const { at } = peek();
    if (accept('op', '-')) {
      const isLiteral = is('int') || is('float');
      if (isLiteral && !peek().spaceBefore && !(peek(1).type === 'op' && peek(1).value === '**')) {
        const literal = { t: peek().type as 'int' | 'float', value: -Number(next().value), at } as const;
        return postfix(literal);
      }
      return method(unary(), '-@', [], at);
    }
    if (accept('op', '+')) return unary();
    if (accept('op', '!')) return { t: 'not', value: unary(), at };
    const base = postfix(primary());
    if (!op('**')) return base;
    next();
    return method(base, '**', [unary()], at);
  }

  function method(receiver: Ast | undefined, name: string, args: readonly Ast[], at: number): Ast {
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

  function postfix(start: Ast): Ast {
    let node = start;
    for (;;) {
      const { at } = peek();
      if (op('.', '&.') || (is('newline', '\n') && leadsWithDot())) {
        skipNewlines();
        const safe = next().value === '&.';
        if (op('(')) {
          node = withCall({ receiver: node, name: 'call', safe, at });
          continue;
        }
        const name = next();
        if (!['ident', 'const', 'keyword'].includes(name.type)) fail(name);
        if (name.type === 'ident' && op('=') && !peek().spaceBefore === false) {
          throw new Unsupported(`assignment to .${name.value}`, name.at);
        }
        node = withCall({ receiver: node, name: name.value, safe, at: name.at });
      } else if (op('::')) {
        next();
        const name = next();
        if (name.type === 'const' && node.t === 'const' && !(op('(') && !peek().spaceBefore)) {
          node = { t: 'const', name: `${node.name}::${name.value}`, at };
        } else node = withCall({ receiver: node, name: name.value, safe: false, at: name.at });
      } else if (op('[') && !peek().spaceBefore) {
        next();
        node = method(node, '[]', list(']'), at);
      } else return node;
    }
  }

  function leadsWithDot(): boolean {
    let ahead = 0;
    while (peek(ahead).type === 'newline' && peek(ahead).value === '\n') ahead += 1;
    return peek(ahead).type === 'op' && ['.', '&.'].includes(peek(ahead).value);
  }

  /** Arguments and block of a call whose name has just been read. */
  function withCall(call: { receiver: Ast | undefined; name: string; safe: boolean; at: number }): Ast {
    let args: readonly Ast[] = [];
    let hasArgs = false;
    if (op('(') && !peek().spaceBefore) {
      next();
      const depth = noDo;
      noDo = 0;
      args = list(')');
      noDo = depth;
      hasArgs = true;
    } else if (startsArgument()) {
      noDo += 1;
      args = commandArguments();
      noDo -= 1;
      hasArgs = true;
    }
    const given = args.at(-1);
    const blockArgument = given?.t === 'splat' && isBlockPass(given) ? given.value : undefined;
    const block = blockOf();
    return {
      t: 'call',
      ...call,
      args: blockArgument ? args.slice(0, -1) : args,
      block,
      blockArgument,
      bare: call.receiver === undefined && !hasArgs && block === undefined,
    };
  }

  function blockOf(): Block | undefined {
    if (op('{')) {
      next();
      return blockBody('}');
    }
    if (noDo > 0 || !keyword('do')) return undefined;
    next();
    return blockBody('end');
  }

  function blockBody(end: '}' | 'end'): Block {
    const depth = noDo;
    const list = insideList;
    noDo = 0;
    insideList = 0;
    const params = accept('op', '|') ? parameters('|') : [];
    if (op('||')) next();
    const body = program(end, 'rescue');
    if (keyword('rescue')) throw new Unsupported('rescue in a block', peek().at);
    next();
    noDo = depth;
    insideList = list;
    return { params, body };
  }

  function parameters(close: string): readonly Param[] {
    const params: Param[] = [];
    while (!op(close)) {
      const splat = accept('op', '*');
      if (accept('op', '(')) params.push({ name: '', fallback: undefined, inner: parameters(')') });
      else {
        const name = expect('ident').value;
        // A default may not contain a bare `|`.
        const fallback = accept('op', '=') ? postfix(primary()) : undefined;
        params.push({ name, fallback, ...(splat && { splat }) });
      }
      if (!accept('op', ',')) break;
    }
    expect('op', close);
    return params;
  }

  function startsArgument(): boolean {
    const token = peek();
    if (!token.spaceBefore) return false;
    if (
      ['int', 'float', 'string', 'symbol', 'regexp', 'words', 'ident', 'const', 'variable', 'label'].includes(
        token.type,
      )
    ) {
      return true;
    }
    if (token.type === 'keyword') {
      return ['nil', 'true', 'false', 'not', 'defined?', '__FILE__', '__dir__', 'lambda'].includes(
        token.value,
      );
    }
    return token.type === 'op' && ['[', '->', '!', '::'].includes(token.value) && !token.spaceAfter;
  }

  function commandArguments(): readonly Ast[] {
    const args: Ast[] = [];
    insideList += 1;
    do {
      skipNewlines();
      args.push(argument());
    } while (accept('op', ','));
    insideList -= 1;
    return foldLabels(args);
  }

  function list(close: string): readonly Ast[] {
    const items: Ast[] = [];
    insideList += 1;
    skipNewlines();
    while (!op(close)) {
      items.push(argument());
      skipNewlines();
      if (!accept('op', ',')) break;
      skipNewlines();
    }
    expect('op', close);
    insideList -= 1;
    return foldLabels(items);
  }

  /** One argument or list item; `key: value` and `key => value` come back as a hash of one pair. */
  function argument(): Ast {
    const { at } = peek();
    if (accept('op', '*')) return { t: 'splat', value: ternary(), at };
    if (accept('op', '&')) {
      const value = ternary();
      blockPasses.add(value);
      return { t: 'splat', value, at };
    }
    if (is('label')) {
      const key: Ast = { t: 'symbol', name: next().value, at };
      skipNewlines();
      return pair(key, notExpressionItem());
    }
    if (is('string') && peek(1).type === 'op' && peek(1).value === ':' && !peek(1).spaceBefore) {
      const name = next().parts?.join('') ?? '';
      next();
      skipNewlines();
      return pair({ t: 'symbol', name, at }, notExpressionItem());
    }
    const value = notExpressionItem();
    if (!accept('op', '=>')) return value;
    skipNewlines();
    return pair(value, notExpressionItem());
  }

  function notExpressionItem(): Ast {
    return keyword('not') ? notOperand() : expression();
  }

  function pair(key: Ast, value: Ast): Ast {
    const node: Ast = { t: 'hash', pairs: [[key, value]], at: key.at };
    loosePairs.add(node);
    return node;
  }

  const loosePairs = new WeakSet<Ast>();
  const blockPasses = new WeakSet<Ast>();
  function isBlockPass(node: Ast): boolean {
    return node.t === 'splat' && blockPasses.has(node.value);
  }

  /** Loose pairs at the end of a list are one hash. */
  function foldLabels(items: readonly Ast[]): readonly Ast[] {
    const pairs = items.flatMap((item) => (item.t === 'hash' && loosePairs.has(item) ? item.pairs : []));
    if (pairs.length === 0) return items;
    const rest = items.filter((item) => !loosePairs.has(item));
    const hash: Ast = { t: 'hash', pairs, at: pairs[0]?.[0].at ?? 0 };
    const pass = rest.findIndex(isBlockPass);
    return pass === -1 ? [...rest, hash] : [...rest.slice(0, pass), hash, ...rest.slice(pass)];
  }

  function strings(parts: readonly StringPart[]): readonly (string | Ast)[] {
    return parts.map((part) =>
      typeof part === 'string' ? part : parse(lex(part.code, part.at, new Set()).tokens),
    );
  }

  function primary(): Ast {
    const token = next();
    const { at } = token;
    switch (token.type) {
      case 'int':
        return { t: 'int', value: Number(token.value), at };
      case 'float':
        return { t: 'float', value: Number(token.value), at };
      case 'string': {
        const parts = [...strings(token.parts ?? [])];
        // Neighbouring literals are one text.
        while (is('string') && !op(':')) parts.push(...strings(next().parts ?? []));
        return { t: 'string', parts, at };
      }
      case 'symbol':
        return { t: 'symbol', name: token.value, at };
      case 'regexp':
        return { t: 'regexp', parts: strings(token.parts ?? []), flags: token.value, at };
      case 'words':
        return { t: 'array', items: words(token), at };
      case 'const':
        if ((op('(') && !peek().spaceBefore) || (is('string') && peek().spaceBefore)) {
          return withCall({ receiver: undefined, name: token.value, safe: false, at });
        }
        return { t: 'const', name: token.value, at };
      case 'variable':
        return { t: 'variable', name: token.value, at };
      case 'ident':
        return withCall({ receiver: undefined, name: token.value, safe: false, at });
      case 'keyword':
        return keywordExpression(token);
      case 'op':
        if (token.value === '(') return parenthesized();
        if (token.value === '[') return { t: 'array', items: list(']'), at };
        if (token.value === '{') return hashLiteral(at);
        if (token.value === '->') return stabbyLambda(at);
        return fail(token);
      default:
        if (token.type === 'xstring') throw new Unsupported('a shell command', at);
        return fail(token);
    }
  }

  function words(token: Token): readonly Ast[] {
    const symbols = token.value.startsWith('i');
    return token.value
      .slice(1)
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) =>
        symbols ? { t: 'symbol', name: word, at: token.at } : { t: 'string', parts: [word], at: token.at },
      );
  }

  function parenthesized(): Ast {
    const [depth, list] = [noDo, insideList];
    noDo = 0;
    insideList = 0;
    const body = program(')');
    expect('op', ')');
    noDo = depth;
    insideList = list;
    return body;
  }

  function hashLiteral(at: number): Ast {
    const items = list('}');
    const pairs = items.flatMap((item) => (item.t === 'hash' ? item.pairs : fail()));
    return { t: 'hash', pairs, at };
  }

  function stabbyLambda(at: number): Ast {
    const params = accept('op', '(') ? parameters(')') : [];
    const block = blockOf() ?? fail();
    return { t: 'lambda', block: { params, body: block.body }, strict: true, at };
  }

  function keywordExpression(token: Token): Ast {
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
        return conditional(at, false);
      case 'unless':
        return conditional(at, true);
      case 'while':
      case 'until':
        return loop(at, token.value === 'until');
      case 'for':
        return forLoop(at);
      case 'case':
        return caseExpression(at);
      case 'begin':
        return beginBlock(at);
      case 'def':
        return definition(at);
      case 'next':
      case 'break':
      case 'return': {
        const ends = is('newline') || is('end') || keyword('if', 'unless');
        return { t: 'jump', kind: token.value, value: ends ? undefined : ternary(), at };
      }
      case 'raise':
        return withCall({ receiver: undefined, name: 'raise', safe: false, at });
      case 'lambda':
      case 'proc': {
        const block = blockOf() ?? fail();
        return { t: 'lambda', block, strict: token.value === 'lambda', at };
      }
      default:
        return fail(token);
    }
  }

  function testExpression(): Ast {
    noDo += 1;
    const test = notExpression();
    noDo -= 1;
    return test;
  }

  function conditional(at: number, negated: boolean): Ast {
    const given = testExpression();
    accept('keyword', 'then');
    const test: Ast = negated ? { t: 'not', value: given, at } : given;
    const yes = program('elsif', 'else', 'end');
    const { value } = next();
    if (value === 'elsif') return { t: 'if', test, yes, otherwise: conditional(at, false), at };
    if (value !== 'else') return { t: 'if', test, yes, otherwise: undefined, at };
    const otherwise = program('end');
    expect('keyword', 'end');
    return { t: 'if', test, yes, otherwise, at };
  }

  function loop(at: number, negated: boolean): Ast {
    const given = testExpression();
    accept('keyword', 'do');
    const body = program('end');
    expect('keyword', 'end');
    return { t: 'while', test: negated ? { t: 'not', value: given, at } : given, body, at };
  }

  function forLoop(at: number): Ast {
    const params: Param[] = [];
    do params.push({ name: expect('ident').value, fallback: undefined });
    while (accept('op', ','));
    expect('keyword', 'in');
    const receiver = testExpression();
    accept('keyword', 'do');
    const body = program('end');
    expect('keyword', 'end');
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

  function caseExpression(at: number): Ast {
    const subject = is('newline') ? undefined : notExpression();
    // Text between `case` and the first `when` is layout.
    while (is('newline') || is('text')) pos += 1;
    const whens: { tests: readonly Ast[]; body: Ast }[] = [];
    while (accept('keyword', 'when')) {
      const tests: Ast[] = [];
      insideList += 1;
      do {
        skipNewlines();
        tests.push(argument());
      } while (accept('op', ','));
      insideList -= 1;
      accept('keyword', 'then');
      whens.push({ tests, body: program('when', 'else', 'end') });
    }
    const otherwise = accept('keyword', 'else') ? program('end') : undefined;
    expect('keyword', 'end');
    return { t: 'case', subject, whens, otherwise, at };
  }

  function beginBlock(at: number): Ast {
    const body = program('rescue', 'ensure', 'else', 'end');
    let handler: Ast | undefined;
    while (accept('keyword', 'rescue')) {
      if (!is('newline')) {
        // Classes and the name of the exception: any failure is handled by the first handler.
        while (!is('newline') && !keyword('then') && !is('end')) {
          if (op('=>')) throw new Unsupported('rescue => name', peek().at);
          pos += 1;
        }
      }
      accept('keyword', 'then');
      const given = program('rescue', 'ensure', 'else', 'end');
      handler ??= given;
    }
    if (keyword('else')) fail();
    const ensure = accept('keyword', 'ensure') ? program('end') : undefined;
    expect('keyword', 'end');
    if (handler === undefined && ensure === undefined) return body;
    return { t: 'rescue', body, handler: handler ?? { t: 'nil', at }, ensure, at };
  }

  function definition(at: number): Ast {
    const name = next().value;
    let params: readonly Param[] = [];
    if (accept('op', '(')) params = op(')') ? (next(), []) : parameters(')');
    else if (is('ident')) {
      const names: Param[] = [];
      do names.push({ name: expect('ident').value, fallback: undefined });
      while (accept('op', ','));
      params = names;
    }
    const body = program('end');
    expect('keyword', 'end');
    return { t: 'def', name, params, body, at };
  }

  const whole = program();
  if (!is('end')) fail();
  return whole;
}
