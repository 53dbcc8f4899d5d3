import type { Document } from 'yaml';
import { isCollection, visit } from './yaml.ts';

/**
 * Psych lets the lines of `[…]` and `{…}` start at any column, YAML 1.2 wants them indented. Joins these lines by
 * replacing each line end (and comment) inside by blanks, so that all offsets stay. `document` is the failed parse,
 * which knows where such collections start. Undefined when there is nothing to join or a bracket stays open.
 */
export function joinFlowLines(text: string, document: Document.Parsed): string | undefined {
  const chars = text.split('');
  let joined = 0;
  let isOpen = false;
  let done = 0;
  visit(document, {
    Node(_key, node) {
      if (!isCollection(node) || node.flow !== true || !node.range || node.range[0] < done) return;
      const end = closeOf(text, node.range[0]);
      if (end === undefined) isOpen = true;
      else joined += blankLineEnds(chars, node.range[0], end);
      done = end ?? done;
    },
  });
  return joined > 0 && !isOpen ? chars.join('') : undefined;
}

/** Offset of the bracket that closes the one at `start`, of whatever kind it is. */
export function closeOf(text: string, start: number): number | undefined {
  const token = /"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?<=\s)#[^\n]*|[[\]{}]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if ('[{'.includes(found[0])) depth += 1;
    else if (']}'.includes(found[0])) depth -= 1;
    if (depth === 0) return found.index;
  }
  return undefined;
}

function blankLineEnds(chars: string[], start: number, end: number): number {
  let count = 0;
  let quote = '';
  let isComment = false;
  for (let at = start; at < end; at += 1) {
    const char = chars[at] ?? '';
    if (quote !== '') {
      if (char === '\\' && quote === '"') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '\n') {
      chars[at] = ' ';
      isComment = false;
      count += 1;
    } else if (isComment || char === '\r') chars[at] = ' ';
    else if (char === '#' && /\s/.test(chars[at - 1] ?? '')) {
      chars[at] = ' ';
      isComment = true;
    } else if ((char === '"' || char === "'") && /[\s[{,:]/.test(chars[at - 1] ?? '')) quote = char;
  }
  return count;
}
