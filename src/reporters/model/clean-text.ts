import { stripVTControlCharacters } from 'node:util';
import { showBidi } from '../format/text.ts';

/** Longest text of a report, in characters. A check that saw 10 MB on one line must not make a report of 10 MB. */
const LONGEST_TEXT = 20_000;
const LONGEST_LINE = 2000;

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
const ILLEGAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g;

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Text as every report may hold it: no escape sequences, no character that XML 1.0 forbids, no lone surrogates,
 * bidirectional controls made visible, cut at `limit` characters. Newlines and tabs stay.
 */
export function cleanText(text: string, limit = LONGEST_TEXT): string {
  const isLong = text.length > limit;
  const kept = isLong ? text.slice(0, limit) : text;
  const plain = stripVTControlCharacters(kept)
    .replaceAll(/\r\n?/g, '\n')
    .replace(ILLEGAL, '')
    .replace(LONE_SURROGATE, '\ufffd');
  return `${showBidi(plain)}${isLong ? ` … (${text.length} characters, cut)` : ''}`;
}

/** The same for what must stay on one line. */
export function cleanLine(text: string): string {
  return cleanText(text, LONGEST_LINE).replaceAll('\n', ' ');
}

/** Plain data with every text in it cleaned. */
export function cleanData<T>(value: T): T {
  return deep(value) as T;
}

function deep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(deep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item)]));
}
