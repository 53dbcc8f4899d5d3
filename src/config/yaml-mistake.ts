import type { Document, Node } from 'yaml';
import { closeOf } from './flow-lines.ts';
import { isCollection, isScalar, visit } from './yaml.ts';

/** A mistake in a YAML text, where the user has to look. */
export interface YamlMistake {
  readonly offset: number;
  /** What is wrong, after `… is not valid YAML: `. */
  readonly reason: string;
  readonly hint: string;
}

interface Found {
  readonly code: string;
  readonly message: string;
  /** Where the parser gave up, often the line after the mistake. */
  readonly at: number;
}

const USUAL_HINT =
  'look at this line and the one above: a missing bracket or quote, a tab, an indent that does not fit';

/**
 * Where the mistake is that a parser stumbled over: a bracket or quote that is not closed where it opens, an indent at
 * the first character after it, a missing space or colon in the line that lacks it. Pure.
 */
export function yamlMistake(text: string, document: Document.Parsed, found: Found): YamlMistake {
  const open = openBracket(text, document, found) ?? openQuote(text, document, found);
  if (open) return open;
  const at = firstCharacter(text, found.at);
  const line = lineAt(text, at);
  const above = lineAt(text, Math.max(0, line.start - 1));
  if (line.start > 0 && /^\s*-[^\s-]/.test(above.text)) {
    return {
      offset: above.start + above.text.search(/\S/),
      reason: 'a list item without a space after its dash',
      hint: 'put a space after the dash',
    };
  }
  const own = { offset: at, hint: USUAL_HINT };
  switch (found.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return /^\s*-\s/.test(line.text)
        ? { ...own, reason: 'a list item that begins at another column than those above', hint: INDENT }
        : twoColons(text, at);
    case 'BAD_INDENT':
      return {
        ...own,
        reason: 'this line begins at a column at which none of those above does',
        hint: INDENT,
      };
    case 'TAB_AS_INDENT':
      return { ...own, offset: found.at, reason: 'a tab as indent', hint: 'indent with spaces' };
    case 'MISSING_CHAR':
      if (found.message.startsWith('Missing ,'))
        return {
          ...own,
          reason: 'text after a value that has ended',
          hint: 'a comma or a quote is missing before it',
        };
      return { ...own, reason: 'a key without a value', hint: missingColon(line.text) };
    case 'MULTILINE_IMPLICIT_KEY':
      return { ...own, reason: 'a key without a value', hint: missingColon(line.text) };
    case 'BLOCK_IN_FLOW':
      return {
        ...own,
        reason: 'a key that begins inside of another value',
        hint: 'a comma is missing between two keys, or a bracket is not closed',
      };
    case 'BAD_SCALAR_START':
      return { ...own, reason: `a value that begins with ${text[at]}`, hint: 'put the value in quotes' };
    case 'UNEXPECTED_TOKEN':
      return ']}'.includes(text[at] ?? ' ')
        ? {
            ...own,
            reason: `this ${text[at]} closes nothing`,
            hint: `a ${text[at] === ']' ? '[' : '{'} is missing before it, or it is one too many`,
          }
        : {
            ...own,
            reason: 'text after a value that has ended',
            hint: 'put the whole value in quotes, or begin a new line',
          };
    default:
      return { ...own, reason: lowered(found.message) };
  }
}

const INDENT = 'indent it like the line that it belongs to';

function missingColon(line: string): string {
  return /^\s*(?:- )?[\w-]+:\S/.test(line)
    ? 'a space is missing after the colon'
    : 'a colon is missing after it, or the line belongs to a text above and is not indented enough';
}

/** `a: b: c`, and a line that is indented as if it went on with the value above it. */
function twoColons(text: string, at: number): YamlMistake {
  const line = lineAt(text, at);
  const rest = text.slice(at, line.start + line.text.length);
  if (/:(?:\s|$)/.test(rest)) {
    return {
      offset: at,
      reason: 'a value that looks like a key and its value',
      hint: 'put the value in quotes',
    };
  }
  return {
    offset: firstCharacter(text, line.start + line.text.length + 1),
    reason: 'a key that is indented deeper than the one above it, which has a value already',
    hint: 'indent both alike',
  };
}

/** The innermost `[` or `{` that the parser could not close. */
function openBracket(
  text: string,
  document: Document.Parsed,
  { message, at }: Found,
): YamlMistake | undefined {
  if (!/^Flow (?:sequence|map) .* end with a /.test(message)) return undefined;
  let open: Node | undefined;
  visit(document, {
    Node(_key, node) {
      if (!isCollection(node) || node.flow !== true || !node.range || node.range[0] >= at) return;
      const [start] = node.range;
      const end = closeOf(text, start);
      if (end === undefined || text[end] !== closing(text, start)) open = node;
    },
  });
  if (!open?.range) return undefined;
  const [offset] = open.range;
  const wanted = closing(text, offset);
  const place = firstCharacter(text, at);
  const got = ']}'.includes(text[place] ?? ' ')
    ? `the ${text[place]} of line ${lineNumber(text, place)}`
    : undefined;
  const last = lineNumber(text, Math.max(0, text.trimEnd().length - 1));
  const before =
    place < text.trimEnd().length ? (got ?? `line ${lineNumber(text, place)}`) : `the end of line ${last}`;
  return {
    offset,
    reason: `this ${text[offset]} is not closed`,
    hint: `a ${wanted} is missing before ${before}`,
  };
}

function closing(text: string, offset: number): string {
  return text[offset] === '[' ? ']' : '}';
}

/** A quote that is never closed, or only by the next one, lines below. */
function openQuote(text: string, document: Document.Parsed, { message, at }: Found): YamlMistake | undefined {
  const isNever = message.startsWith('Missing closing');
  let open: Node | undefined;
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || !node.type?.startsWith('QUOTE') || !node.range) return;
      const [start, end] = node.range;
      const isClosed = end > start + 1 && text[end - 1] === text[start];
      const isLong = isClosed && text.slice(start, end).includes('\n');
      if (start <= at && (isNever ? !isClosed : isLong && !text.slice(end, at).includes('\n'))) open = node;
    },
  });
  if (!open?.range) return undefined;
  const [offset, end] = open.range;
  return {
    offset,
    reason: isNever
      ? `this ${text[offset]} is not closed`
      : `the text that begins here ends only in line ${lineNumber(text, end)}`,
    hint: `a ${text[offset]} is missing, probably in this line`,
  };
}

/** Offset of the next character that is neither blank nor line end; the end of the text when there is none. */
function firstCharacter(text: string, at: number): number {
  const found = text.slice(at).search(/\S/);
  return found === -1 ? text.length : at + found;
}

function lineAt(text: string, at: number): { readonly start: number; readonly text: string } {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return { start, text: text.slice(start, end === -1 ? text.length : end) };
}

function lineNumber(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function lowered(message: string): string {
  const [first = message] = message.split('\n', 1);
  return first.charAt(0).toLowerCase() + first.slice(1);
}
