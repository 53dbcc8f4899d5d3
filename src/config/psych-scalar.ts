/**
 * What a plain (unquoted, untagged) YAML scalar means to Ruby's Psych, the parser of Test Kitchen: YAML 1.1 with
 * Psych's own limits (source: ruby/psych lib/psych/scalar_scanner.rb, version 4). Pure.
 *
 * Two values have no counterpart in plain data: a Ruby symbol (`:debug`) becomes its name, and a date, which makes
 * Test Kitchen stop, stays the text it was written as.
 */
export function psychScalar(text: string): {
  readonly value: string | number | boolean | null;
  readonly written?: string;
} {
  if (text === '') return { value: null };
  if (looksLikeText(text)) return { value: word(text) };
  const symbol = /^:(?:(["'])(.*)\1|(.+))/.exec(text);
  if (symbol) return { value: symbol[2]?.replace(/^:/, '') ?? symbol[3] ?? '', written: text };
  if (/^\+?\.inf$/i.test(text)) return { value: Number.POSITIVE_INFINITY };
  if (/^-\.inf$/i.test(text)) return { value: Number.NEGATIVE_INFINITY };
  if (/^\.nan$/i.test(text)) return { value: Number.NaN };
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}$/.test(text))
    return { value: sexagesimal(text, Number.parseInt) };
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}\.[0-9_]*$/.test(text)) {
    return { value: sexagesimal(text, Number.parseFloat) };
  }
  if (/^[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][+-][0-9]+)?$/.test(text) && !/^[-+]?\.$/.test(text)) {
    return { value: Number(text.replaceAll(/[,_]/g, '').replace(/\.([Ee]|$)/, '$1')), written: text };
  }
  return { value: integer(text) ?? text };
}

const DATE = /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/;
const TIME =
  /^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$/;

/** Whether Psych makes a date or a time of a plain scalar, which Test Kitchen does not allow in its files. */
export function isPsychDate(text: string): boolean {
  return DATE.test(text) || TIME.test(text);
}

/** Psych's short cut for the common case, without which `1e3` or `a:b` would be looked at more closely. */
function looksLikeText(text: string): boolean {
  return /^[^\d.:-]?[\p{Alphabetic}_\s!@#$%^&*(){}<>|/\\~;=]+/u.test(text) || text.includes('\n');
}

function word(text: string): string | boolean | null {
  if (text.length > 5) return text;
  if (text === '~' || /^null$/i.test(text)) return null;
  if (/^(yes|true|on)$/i.test(text)) return true;
  if (/^(no|false|off)$/i.test(text)) return false;
  return text;
}

/** Base 60 as Psych computes it: the last of two parts counts 60, not 1, which is wrong, and the same. */
function sexagesimal(text: string, parse: (part: string) => number): number {
  return text.split(':').reduce((sum, part, index) => {
    return sum + (parse(part.replaceAll('_', '')) || 0) * 60 ** Math.abs(index - 2);
  }, 0);
}

function integer(text: string): number | string | undefined {
  const match =
    /^([-+]?)(?:0b(?<binary>[01_,]+)|0(?<octal>[0-7_,]+)|(?<decimal>0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)|0x(?<hex>[0-9a-fA-F_,]+))$/.exec(
      text,
    );
  if (!match?.groups) return undefined;
  const { binary, octal, decimal, hex } = match.groups;
  const digits = (binary ?? octal ?? decimal ?? hex ?? '').replaceAll(/[,_]/g, '');
  if (digits === '') return octal === undefined ? undefined : 0;
  const base = binary !== undefined ? 2 : octal !== undefined ? 8 : hex !== undefined ? 16 : 10;
  const value = Number.parseInt(digits, base) * (match[1] === '-' ? -1 : 1);
  // Beyond what a double holds, the digits say more than a rounded number.
  return Number.isSafeInteger(value) ? (value === 0 ? 0 : value) : text;
}
