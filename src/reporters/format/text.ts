import { stripVTControlCharacters } from 'node:util';

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Makes text from a machine safe to print on one line: no escape sequences, no control characters. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROLS, '').replaceAll('\t', '  ');
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
