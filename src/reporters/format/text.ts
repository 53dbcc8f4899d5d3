import { stripVTControlCharacters, styleText } from 'node:util';

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Characters that reorder what stands around them: a message could be made to read as another one. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Longest line on a terminal; the log files hold all of it. */
const LONGEST_LINE = 10_000;

/** Makes text from a machine safe to print on one line: no escape sequences, no control characters, no end of line. */
export function printable(text: string): string {
  const isLong = text.length > LONGEST_LINE;
  const kept = isLong ? text.slice(0, LONGEST_LINE) : text;
  const plain = stripVTControlCharacters(kept)
    .replace(CONTROLS, '')
    .replaceAll('\t', '  ')
    .replaceAll('\n', ' ');
  return `${showBidi(plain)}${isLong ? ` … (${text.length} characters, cut)` : ''}`;
}

/** Bidirectional controls as their code, `‹202e›`. */
export function showBidi(text: string): string {
  return text.replace(BIDI, (char) => `‹${(char.codePointAt(0) ?? 0).toString(16)}›`);
}

/** For what must not wait until a library for colours is loaded. */
export function painted(style: 'dim' | 'yellow', text: string, color: boolean): string {
  return color ? styleText(style, text, { validateStream: false }) : text;
}

/** Cuts to `width` characters, with an ellipsis when something was lost. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Columns as wide as their widest cell; numbers of columns may differ per row. */
export function table(
  rows: readonly (readonly string[])[],
  rightAligned: ReadonlySet<number> = new Set(),
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (rightAligned.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
