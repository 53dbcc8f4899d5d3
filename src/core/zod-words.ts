import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What a schema of ours says in its own words, not zod. */
export function hasOwnWords({ code, message }: Issue): boolean {
  if (code === 'custom') return message !== 'Invalid input';
  return !/^(Invalid |Too small|Too big|Unrecognized )/.test(message) && message !== 'Required';
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  map: 'a mapping',
  null: 'nothing',
  undefined: 'nothing',
  never: 'nothing',
};

/** Own words that complete `X must be …`, e.g. of z.string().regex(/^[/]/, 'expected an absolute path'). */
const WISH = /^(expected|must be) /;

export function isWish(issue: Issue): boolean {
  return issue.code !== 'custom' && WISH.test(issue.message);
}

/** What is wrong with a value, where only the value is known: `expected a whole number`. */
export function describeIssue(issue: Issue): string {
  return hasOwnWords(issue) ? issue.message : `expected ${expectation(issue)}`;
}

/** What an issue asks for, in the words of kitchen.yml: `a whole number`, `one of "a", "b"`. */
export function expectation(issue: Issue): string {
  if (isWish(issue)) return issue.message.replace(WISH, '');
  if (issue.code !== 'custom' && hasOwnWords(issue)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1
        ? quote(issue.values[0])
        : `one of ${issue.values.map(quote).join(', ')}`;
    case 'too_small':
      return `${amount(issue.origin)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `${amount(issue.origin)} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    case 'invalid_format':
      if (issue.format === 'starts_with')
        return `text that starts with ${quote('prefix' in issue ? issue.prefix : '')}`;
      return issue.format === 'regex' && issue.pattern
        ? `text like ${issue.pattern}`
        : `a valid ${issue.format}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

function amount(origin: string): string {
  if (origin === 'string') return 'text with a length of';
  return origin === 'array' || origin === 'set' ? 'a list with a length of' : 'a number of';
}

/** What a value is, in the words of kitchen.yml. Long text is cut: it may be a key or a password. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string')
    return `the text ${quote(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  return typeof value === 'boolean' ? String(value) : typeof value;
}

export function quote(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
