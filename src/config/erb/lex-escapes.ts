const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  s: ' ',
  r: '\r',
  '0': '\0',
  e: '\u{1B}',
  a: '\u{7}',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The text that a backslash and what follows it stand for, and how long that is in the source. */
export function readEscape(
  source: string,
  interpolates: boolean,
  close: string,
  keepEscapes: boolean,
): { readonly text: string; readonly length: number } {
  const next = source[1] ?? '';
  if (keepEscapes) return { text: next === '/' ? '/' : `\\${next}`, length: 2 };
  if (!interpolates) return { text: next === '\\' || next === close ? next : `\\${next}`, length: 2 };
  const unicode = /^\\u(?:\{([\da-fA-F]+)\}|([\da-fA-F]{4}))/.exec(source);
  if (unicode) {
    const point = Number.parseInt(unicode[1] ?? unicode[2] ?? '', 16);
    return { text: String.fromCodePoint(point), length: unicode[0].length };
  }
  const code = /^\\(?:x([\da-fA-F]{1,2})|([0-7]{1,3}))/.exec(source);
  if (code) {
    const point = code[1] === undefined ? Number.parseInt(code[2] ?? '', 8) : Number.parseInt(code[1], 16);
    return { text: String.fromCharCode(point), length: code[0].length };
  }
  if (next === '\n') return { text: '', length: 2 };
  return { text: ESCAPES[next] ?? next, length: 2 };
}

/** Offset of the `}` that ends an interpolation. */
export function closingBrace(code: string, start: number): number {
  let depth = 1;
  for (let at = start; at < code.length; at += 1) {
    if (code[at] === '{') depth += 1;
    else if (code[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return code.length;
}
