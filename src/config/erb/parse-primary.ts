import type { Ast } from './ast.ts';
import { Unsupported } from './failure.ts';
import { lex, type StringPart, type Token } from './lex.ts';
import type { Parser } from './parser.ts';

function strings(p: Parser, parts: readonly StringPart[]): readonly (string | Ast)[] {
  return parts.map((part) =>
    typeof part === 'string' ? part : p.parse(lex(part.code, part.at, new Set()).tokens),
  );
}

export function primary(p: Parser): Ast {
  const token = p.next();
  const { at } = token;
  switch (token.type) {
    case 'int':
      return { t: 'int', value: Number(token.value), at };
    case 'float':
      return { t: 'float', value: Number(token.value), at };
    case 'string': {
      const parts = [...strings(p, token.parts ?? [])];
      // Neighbouring literals are one text.
      while (p.is('string') && !p.op(':')) parts.push(...strings(p, p.next().parts ?? []));
      return { t: 'string', parts, at };
    }
    case 'symbol':
      return { t: 'symbol', name: token.value, at };
    case 'regexp':
      return { t: 'regexp', parts: strings(p, token.parts ?? []), flags: token.value, at };
    case 'words':
      return { t: 'array', items: words(token), at };
    case 'const':
      if ((p.op('(') && !p.peek().spaceBefore) || (p.is('string') && p.peek().spaceBefore)) {
        return p.withCall({ receiver: undefined, name: token.value, safe: false, at });
      }
      return { t: 'const', name: token.value, at };
    case 'variable':
      return { t: 'variable', name: token.value, at };
    case 'ident':
      return p.withCall({ receiver: undefined, name: token.value, safe: false, at });
    case 'keyword':
      return p.keywordExpression(token);
    case 'op':
      if (token.value === '(') return parenthesized(p);
      if (token.value === '[') return { t: 'array', items: p.list(']'), at };
      if (token.value === '{') return hashLiteral(p, at);
      if (token.value === '->') return p.stabbyLambda(at);
      return p.fail(token);
    default:
      if (token.type === 'xstring') throw new Unsupported('a shell command', at);
      return p.fail(token);
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

function parenthesized(p: Parser): Ast {
  const [depth, inList] = [p.noDo, p.insideList];
  p.noDo = 0;
  p.insideList = 0;
  const body = p.program(')');
  p.expect('op', ')');
  p.noDo = depth;
  p.insideList = inList;
  return body;
}

function hashLiteral(p: Parser, at: number): Ast {
  const items = p.list('}');
  const pairs = items.flatMap((item) => (item.t === 'hash' ? item.pairs : p.fail()));
  return { t: 'hash', pairs, at };
}
