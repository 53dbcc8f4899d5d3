import { stripVTControlCharacters } from 'node:util';

/** Column where the text after a label starts, see `labelled`. */
const LABEL_WIDTH = 12;

/**
 * Breaks a line between words so that no part is wider than `width`; further parts stand below the text of the first.
 * Colour codes do not count. A single word that is wider stays whole: paths and URLs are copied by people.
 */
export function wrap(line: string, width: number): string[] {
  const visible = stripVTControlCharacters(line);
  if (visible.length <= width) return [line];
  const indent = ' '.repeat(Math.min(indentOf(visible), Math.max(0, Math.floor(width / 2))));
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const word of line.split(/(?<=\S)(?=\s)/)) {
    const length = stripVTControlCharacters(word).length;
    if (used > indent.length && used + length > width) {
      parts.push(part);
      part = `${indent}${word.trimStart()}`;
      used = indent.length + stripVTControlCharacters(word.trimStart()).length;
    } else {
      part += word;
      used += length;
    }
  }
  return [...parts, part];
}

function indentOf(visible: string): number {
  if (/^ {2}\S+ +/.test(visible) && visible[LABEL_WIDTH - 1] === ' ') return LABEL_WIDTH;
  if (visible.startsWith('  │')) return 4;
  return 2;
}
