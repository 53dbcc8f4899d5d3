import type { RedisValue, Reply } from './resp.ts';

/** A command as a line of redis-cli's standard input: every byte that might mean something is written as \xHH. */
export function cliLine(words: readonly string[]): string {
  const quoted = words.map((word) => {
    const bytes = Array.from(Buffer.from(word, 'utf8'));
    const text = bytes.map((byte) =>
      /[A-Za-z0-9_.:*-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`,
    );
    return `"${text.join('')}"`;
  });
  return `${quoted.join(' ')}\n`;
}

/**
 * One reply as `redis-cli --no-raw` prints it: `"text"`, `(integer) 1`, `(nil)`, `(error) …`, `(empty array)`, and
 * `1) …` for elements, nested ones indented. Anything else is a status such as OK. Pure.
 */
export function parseCliReply(text: string): Reply {
  const lines = text.replace(/\r?\n$/, '').split('\n');
  const [first = ''] = lines;
  const error = /^\(error\) (.*)$/s.exec(text.trimEnd());
  if (error) return { kind: 'error', text: error[1] ?? '' };
  if (!/^ *\d+\) /.test(first)) return { kind: 'value', value: scalar(text.replace(/\r?\n$/, '')) };
  const reader = { lines, at: 0 };
  return { kind: 'value', value: readList(reader, 0) };
}

interface Reader {
  readonly lines: string[];
  at: number;
}

/** Elements whose number ends at the same column; the rest of such a line is an element of any kind. */
function readList(reader: Reader, column: number): RedisValue[] {
  const items: RedisValue[] = [];
  let width: number | undefined;
  while (reader.at < reader.lines.length) {
    const line = (reader.lines[reader.at] ?? '').slice(column);
    const found = /^( *\d+\) )/.exec(line);
    const before = (reader.lines[reader.at] ?? '').slice(0, column);
    const isOurs = items.length === 0 || before.trim() === '';
    if (!found || !isOurs || (width !== undefined && found[1]?.length !== width)) break;
    if (items.length > 0 && Number.parseInt(found[1] ?? '', 10) !== items.length + 1) break;
    width = found[1]?.length ?? 0;
    const inner = line.slice(width);
    if (/^ *\d+\) /.test(inner)) items.push(readList(reader, column + width));
    else {
      items.push(scalar(inner));
      reader.at += 1;
    }
  }
  return items;
}

function scalar(text: string): RedisValue {
  const typed = /^\((integer|double|error)\) (.*)$/s.exec(text);
  if (typed) return typed[1] === 'error' ? (typed[2] ?? '') : Number(typed[2]);
  if (text === '(nil)') return null;
  if (/^\(empty (array|list or set|list|set|hash)\)$/.test(text)) return [];
  if (text === '(true)' || text === '(false)') return Number(text === '(true)');
  return /^".*"$/s.test(text) ? unquote(text.slice(1, -1)) : text;
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8 };

function unquote(text: string): string {
  const parts = Array.from(text.matchAll(/\\x[0-9a-f]{2}|\\.|[^\\]+/gis), ([part]) => {
    if (!part.startsWith('\\')) return Buffer.from(part, 'utf8');
    if (/^\\x/i.test(part)) return Buffer.of(Number.parseInt(part.slice(2), 16));
    return Buffer.of(ESCAPES[part[1] ?? ''] ?? part.charCodeAt(1));
  });
  return Buffer.concat(parts).toString('utf8');
}
