import { Unsupported } from './failure.ts';
import { closingBrace, readEscape } from './lex-escapes.ts';
import type { Piece } from './template.ts';

/** Part of a string with interpolation: text, or the code between `#{` and `}` with its offset. */
export type StringPart = string | { readonly code: string; readonly at: number };

export interface Token {
  readonly type:
    | 'int'
    | 'float'
    | 'string'
    | 'xstring'
    | 'symbol'
    | 'regexp'
    | 'words'
    | 'ident'
    | 'const'
    | 'variable'
    | 'label'
    | 'keyword'
    | 'op'
    | 'newline'
    | 'text'
    | 'output'
    | 'close'
    | 'end';
  readonly value: string;
  readonly at: number;
  readonly spaceBefore: boolean;
  /** Whether a space follows. */
  readonly spaceAfter: boolean;
  readonly parts?: readonly StringPart[];
}

const KEYWORDS = new Set(
  (
    'if unless elsif else end do while until for in case when then and or not nil true false def return next break ' +
    'begin rescue ensure raise defined? __FILE__ __dir__ lambda proc yield class module self super'
  ).split(' '),
);

/** Keywords after which an operand ends, so that an operator may follow. */
const VALUE_KEYWORDS = new Set(['nil', 'true', 'false', 'end', 'self', '__FILE__', '__dir__']);

const OPERATORS = [
  '**=',
  '<=>',
  '===',
  '...',
  '||=',
  '&&=',
  '<<=',
  '**',
  '==',
  '!=',
  '=~',
  '!~',
  '>=',
  '<=',
  '&&',
  '||',
  '<<',
  '>>',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '=>',
  '->',
  '::',
  '..',
  '&.',
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '<',
  '>',
  '!',
  '&',
  '|',
  '^',
  '~',
  '?',
  ':',
  ',',
  '.',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ';',
];

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/**
 * Tokens of a whole template: its text pieces are tokens too. A tag that ends in a comment swallows the text behind
 * it, as in Ruby, where both become one line; `swallowed` gets the index of that text.
 */
export function lexTemplate(pieces: readonly Piece[], swallowed: number[] = []): readonly Token[] {
  const tokens: Token[] = [];
  const locals = new Set<string>();
  let inComment = false;
  for (const [index, piece] of pieces.entries()) {
    const mark = (type: Token['type'], value: string): Token => {
      return { type, value, at: piece.at, spaceBefore: true, spaceAfter: true };
    };
    if (piece.kind === 'text') {
      if (inComment) swallowed.push(index);
      else tokens.push(mark('text', String(index)));
      inComment = false;
      continue;
    }
    if (piece.kind === 'output') tokens.push(mark('output', String(index)));
    const found = lex(piece.code, piece.at, locals);
    inComment = found.endsInComment && piece.kind === 'code';
    tokens.push(...found.tokens, mark(piece.kind === 'output' ? 'close' : 'newline', '\n'));
  }
  return tokens;
}

/** Tokens of a piece of Ruby. `locals` collects the names that are assigned, which decides what `x -1` means. */
export function lex(
  code: string,
  offset: number,
  locals: Set<string>,
): { readonly tokens: readonly Token[]; readonly endsInComment: boolean } {
  const tokens: Token[] = [];
  let pos = 0;
  let endsInComment = false;

  const push = (type: Token['type'], value: string, from: number, parts?: readonly StringPart[]) => {
    tokens.push({
      type,
      value,
      at: offset + from,
      spaceBefore: from === 0 || /\s/.test(code[from - 1] ?? ' '),
      spaceAfter: pos >= code.length || /\s/.test(code[pos] ?? ' '),
      ...(parts && { parts }),
    });
  };

  /** Whether an operand is expected next, so that `/`, `%w`, `[` and `-` start a value. */
  const wantsValue = (from: number): boolean => {
    const last = tokens.at(-1);
    if (!last || last.type === 'newline' || last.type === 'label') return true;
    if (last.type === 'keyword') return !VALUE_KEYWORDS.has(last.value);
    if (last.type === 'op') return ![')', ']', '}'].includes(last.value);
    if (last.type !== 'ident' || locals.has(last.value)) return false;
    // `puts -1`, `foo [1]`: a space before and none after makes it an argument.
    return /\s/.test(code[from - 1] ?? '') && !/\s/.test(code[from + 1] ?? ' ') && code[from + 1] !== '=';
  };

  /** Reads a delimited literal whose opening delimiter is at `pos`; leaves `pos` behind the closing one. */
  const delimited = (interpolates: boolean, keepEscapes: boolean): readonly StringPart[] => {
    const open = code[pos] ?? '';
    const close = CLOSERS[open] ?? open;
    const parts: StringPart[] = [];
    let text = '';
    let depth = 1;
    const start = pos;
    pos += 1;
    while (pos < code.length) {
      const char = code[pos] ?? '';
      if (char === '\\') {
        const escape = readEscape(code.slice(pos, pos + 12), interpolates, close, keepEscapes);
        text += escape.text;
        pos += escape.length;
        continue;
      }
      if (interpolates && char === '#' && code[pos + 1] === '{') {
        if (text !== '') parts.push(text);
        text = '';
        const end = closingBrace(code, pos + 2);
        parts.push({ code: code.slice(pos + 2, end), at: offset + pos + 2 });
        pos = end + 1;
        continue;
      }
      if (char === open && open !== close) depth += 1;
      else if (char === close) depth -= 1;
      pos += 1;
      if (depth === 0) {
        if (text !== '' || parts.length === 0) parts.push(text);
        return parts;
      }
      text += char;
    }
    throw new Unsupported('text without its closing quote', offset + start);
  };

  const percentLiteral = (): boolean => {
    const match = /^%([wWiIqQrxs]?)([([{<|!/])/.exec(code.slice(pos, pos + 3));
    if (!match) return false;
    const from = pos;
    const kind = match[1] ?? '';
    pos += 1 + kind.length;
    const parts = delimited('WIQrx'.includes(kind), kind === 'r');
    const whole = parts.map((part) => (typeof part === 'string' ? part : `#{${part.code}}`)).join('');
    if ('wWiI'.includes(kind) && kind !== '') {
      if (parts.some((part) => typeof part !== 'string'))
        throw new Unsupported(code.slice(from, pos), offset + from);
      push('words', kind.toLowerCase() + whole, from);
    } else if (kind === 'r') regexpFlags(parts, from);
    else if (kind === 'x') push('xstring', whole, from, parts);
    else if (kind === 's') push('symbol', whole, from);
    else push('string', whole, from, parts);
    return true;
  };

  const regexpFlags = (parts: readonly StringPart[], from: number) => {
    const flags = /^[imxounse]*/.exec(code.slice(pos))?.[0] ?? '';
    pos += flags.length;
    push('regexp', flags, from, parts);
  };

  while (pos < code.length) {
    const from = pos;
    const rest = code.slice(pos);
    const char = code[pos] ?? '';
    const blank = /^(?:[ \t\r]+|\\\r?\n)/.exec(rest);
    if (blank) {
      pos += blank[0].length;
      continue;
    }
    if (char === '#') {
      pos += /^[^\n]*/.exec(rest)?.[0].length ?? 0;
      endsInComment = pos >= code.length;
      continue;
    }
    if (char === '\n') {
      pos += 1;
      push('newline', '\n', from);
      continue;
    }
    const number = /^(?:0x[\da-fA-F_]+|0b[01_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][-+]?\d+)?)/.exec(rest);
    if (number) {
      pos += number[0].length;
      const digits = number[0].replaceAll('_', '');
      push(!digits.startsWith('0x') && /[.eE]/.test(digits) ? 'float' : 'int', digits, from);
      continue;
    }
    if (char === '"' || char === '`' || char === "'") {
      const parts = delimited(char !== "'", false);
      push(char === '`' ? 'xstring' : 'string', code.slice(from, pos), from, parts);
      continue;
    }
    if (char === '/' && wantsValue(from)) {
      regexpFlags(delimited(true, true), from);
      continue;
    }
    if (char === '%' && wantsValue(from) && percentLiteral()) continue;
    if (char === '<' && /^<<[~-]?["']?[A-Z]/.test(rest) && wantsValue(from)) {
      throw new Unsupported('a here-document', offset + from);
    }
    const operatorSymbol = /^:(\[\]=?|\*\*|<=>|===?|=~|<<|>>|<=|>=|[-+*/%<>!&|^])(?=\s*[),]|$)/.exec(rest);
    if (operatorSymbol && wantsValue(from)) {
      pos += operatorSymbol[0].length;
      push('symbol', operatorSymbol[1] ?? '', from);
      continue;
    }
    const symbol = /^:(?:([A-Za-z_]\w*[?!=]?(?![=~>])|[A-Za-z_]\w*[?!]?)|(?="))/.exec(rest);
    if (symbol && code[pos - 1] !== ':' && (wantsValue(from) || !/\s/.test(code[pos + 1] ?? ' '))) {
      const isTernary = !wantsValue(from) && tokens.some(({ type, value }) => type === 'op' && value === '?');
      if (!isTernary) {
        pos += 1;
        if (symbol[1] === undefined) {
          const parts = delimited(true, false);
          const plain = parts.filter((part) => typeof part === 'string');
          if (plain.length < parts.length) throw new Unsupported(rest, offset + from);
          push('symbol', plain.join(''), from);
        } else {
          pos += symbol[1].length;
          push('symbol', symbol[1], from);
        }
        continue;
      }
    }
    const word = /^(?:[A-Za-z_]\w*(?:[?!](?![=~]))?|\$[A-Za-z_]\w*|\$[0-9!:"~&]|@@?[A-Za-z_]\w*)/.exec(rest);
    if (word) {
      lexWord(word[0]);
      continue;
    }
    const operator = OPERATORS.find((one) => rest.startsWith(one));
    if (operator === undefined) throw new Unsupported(`"${char}"`, offset + from);
    pos += operator.length;
    push(operator === ';' ? 'newline' : 'op', operator, from);
  }
  return { tokens, endsInComment };

  function lexWord(name: string): void {
    const from = pos;
    const afterDot = tokens.at(-1)?.type === 'op' && ['.', '&.'].includes(tokens.at(-1)?.value ?? '');
    // `cond ?x : y` is no method name, `a?` is; `x ? y : z` never gets here because of its space.
    const next = code.slice(pos + name.length);
    const isLabel =
      /^:(?!:)(?=\s|$|["'\w[{])/.test(next) && !afterDot && !insideTernary() && !/[?!]$/.test(name);
    pos += name.length + (isLabel ? 1 : 0);
    if (isLabel) push('label', name, from);
    else if (/^[$@]/.test(name)) push('variable', name, from);
    else if (KEYWORDS.has(name) && !afterDot) push('keyword', name, from);
    else {
      const isConst = /^[A-Z]/.test(name);
      if (!isConst && /^\s*(?:\|\||&&|[-+*/]|<<)?=(?![=~>])/.test(next) && !afterDot) locals.add(name);
      push(isConst ? 'const' : 'ident', name, from);
      // Block parameters are locals too.
      if (/^\s*(?:,[^|\n]*)?\|/.test(next) && /\|[^|]*$/.test(code.slice(0, from))) locals.add(name);
    }
  }

  function insideTernary(): boolean {
    let depth = 0;
    for (const { type, value } of tokens.toReversed()) {
      if (type === 'newline') return false;
      if (type !== 'op') continue;
      if (value === ')' || value === ']' || value === '}') depth += 1;
      else if (value === '(' || value === '[' || value === '{') depth -= 1;
      if (depth < 0) return false;
      if (depth === 0 && value === ':') return false;
      if (depth === 0 && value === '?') return true;
    }
    return false;
  }
}
