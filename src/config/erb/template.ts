/** A piece of an ERB template. Offsets count in the template's text. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'code' | 'output'; readonly code: string; readonly at: number; readonly tagAt: number };

/** A stretch of rendered text: copied from the template (`exact`), or given out by the tag at `from`. */
export interface Stretch {
  readonly start: number;
  readonly from: number;
  readonly exact: boolean;
}

/**
 * Splits a template into text and tags, as Ruby's ERB does without a trim mode (which is how Test Kitchen uses it),
 * plus `<%-` and `-%>`, on which Test Kitchen stops with a syntax error: they trim the blanks before and the line
 * end after the tag. With `trim` (Erubis' way), a line that holds only a code tag leaves nothing behind.
 */
export function splitTemplate(template: string, trim = false): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const addText = (text: string, at: number) => {
    if (text !== '') pieces.push({ kind: 'text', text, at });
  };
  while (from < template.length) {
    const open = template.indexOf('<%', from);
    if (open === -1) break;
    if (template[open + 2] === '%') {
      addText(template.slice(from, open + 2), from);
      from = open + 3;
      continue;
    }
    const { code, end } = readCode(template, open + 2);
    const sign = /^[-=#]/.exec(code)?.[0] ?? '';
    const trimsEnd = code.endsWith('-') && sign !== '#' && template.startsWith('-%>', end - 3);
    const alone = trim && sign !== '=' && isAlone(template, open, end);
    const before = template.slice(from, open);
    addText(sign === '-' || alone ? before.replace(/[ \t]*$/, '') : before, from);
    const body = code.slice(sign.length, trimsEnd ? -1 : undefined);
    if (sign !== '#') {
      const at = open + 2 + sign.length;
      pieces.push({ kind: sign === '=' ? 'output' : 'code', code: body, at, tagAt: open });
    }
    const skipped =
      trimsEnd || alone ? (/^[ \t]*\r?\n/.exec(template.slice(end, end + 200))?.[0].length ?? 0) : 0;
    from = end + skipped;
  }
  addText(template.slice(from), from);
  return pieces;
}

/** Code up to `%>`; `%%>` stands for `%>` inside it. A tag that is never closed reaches to the end. */
function readCode(template: string, start: number): { readonly code: string; readonly end: number } {
  let close = template.indexOf('%>', start);
  while (close > start && template[close - 1] === '%') close = template.indexOf('%>', close + 2);
  if (close === -1) return { code: template.slice(start), end: template.length };
  return { code: template.slice(start, close).replaceAll('%%>', '%>'), end: close + 2 };
}

function isAlone(template: string, open: number, end: number): boolean {
  const before = template.slice(template.lastIndexOf('\n', open - 1) + 1, open);
  const newline = template.indexOf('\n', end);
  const after = template.slice(end, newline === -1 ? template.length : newline);
  return before.trim() === '' && after.trim() === '';
}
