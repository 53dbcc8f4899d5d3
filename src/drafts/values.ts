import { patternText } from '../checks/matcher-operands.ts';
import { POSIX_CLASSES } from '../config/ruby-regexp.ts';
import { escapeRegExp } from '../core/escape-regexp.ts';

/** What an attribute of a check takes, as far as writing a matcher for it needs to know. */
export type Shape = 'text' | 'plain' | 'long' | 'number' | 'list' | 'plain list' | 'mode' | 'any';

/** Thrown for what has no equal among our checks; the message is the reason. */
export class Unfit extends Error {
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.name = 'Unfit';
    this.line = line;
  }
}

/** A text that is meant as it is, where `/x/` would be a pattern. */
export function literal(value: unknown, shape: Shape): unknown {
  if (typeof value !== 'string' || isPlain(shape)) return value;
  return patternText(value) ? { equal: value } : value;
}

/** A pattern as it is written: `/a\/b/i`. */
export function patternOf(source: string, flags: string): string {
  return `/${source.replaceAll(/\\[^]|\//g, (one) => (one === '/' ? '\\/' : one)).replaceAll('\n', '\\n')}/${flags}`;
}

/** A pattern as an attribute of that shape takes it. */
export function pattern(source: string, flags: string, shape: Shape): unknown {
  const text = patternOf(source, flags);
  return isPlain(shape) || shape === 'long' ? { matches: text } : text;
}

/** Something that a text contains. */
export function containing(text: string, shape: Shape): unknown {
  if (text === '') throw new Unfit('every text contains an empty one');
  if (!isPlain(shape) && patternText(text)) return { matches: `/${inPattern(text)}/` };
  return { contains: text };
}

/** The negation, without a double one. */
export function negated(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 1 && 'not' in value)
    return value.not;
  return { not: value };
}

/** Both must hold. */
export function both(a: unknown, b: unknown): unknown {
  const parts = [a, b].flatMap((one) => (isAll(one) ? one.all : [one]));
  return { all: parts };
}

function isAll(value: unknown): value is { readonly all: readonly unknown[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'all' in value &&
    Array.isArray(value.all) &&
    Object.keys(value).length === 1
  );
}

/** A text as it is written in a pattern: `a\.b\/c`. */
export function inPattern(text: string): string {
  return escapeRegExp(text).replaceAll('/', '\\/').replaceAll('\n', '\\n');
}

export function isList(shape: Shape): boolean {
  return shape === 'list' || shape === 'plain list';
}

function isPlain(shape: Shape): boolean {
  return shape === 'plain' || shape === 'plain list' || shape === 'mode';
}

/**
 * A regular expression of Ruby or Go as JavaScript writes it. In a long text our patterns are matched line by line, so
 * that its very beginning and end need words of their own. Throws `Unfit`.
 */
export function jsPattern(
  source: string,
  flags: string,
  shape: Shape,
): { readonly source: string; readonly flags: string } {
  if (flags.includes('x')) throw new Unfit('a pattern with spaces and comments (x) has no equal');
  const [, given = ''] = /^\(\?([a-zA-Z]+)\)/.exec(source) ?? [];
  const rest = given === '' ? source : source.slice(given.length + 3);
  if (/[^ims]/.test(given)) throw new Unfit(`no equal of (?${given}) in a pattern`);
  const [begin, end] = shape === 'long' ? ['(?<![^])', '(?![^])'] : ['^', '$'];
  const words: Readonly<Record<string, string>> = { A: begin, z: end, Z: end, h: '[0-9a-fA-F]' };
  const made = rest
    .replaceAll(/\\([^])/g, (escape, char: string) => words[char] ?? escape)
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\[:(\w+):\]/g, (all, name: string) => POSIX_CLASSES[name] ?? all);
  const asked = `${flags.replaceAll('m', 's')}${given}`;
  const all = ['i', 'm', 's'].filter((flag) => asked.includes(flag)).join('');
  const unknown = /\\[QEGRXKp]|\(\?>|\[\[:|[*+?]\+/.exec(made.replaceAll(/\\\\/g, ''));
  if (unknown) throw new Unfit(`no equal of ${unknown[0]} in a pattern`);
  const broken = patternProblem(made, all);
  if (broken !== undefined) throw new Unfit(broken);
  return { source: made, flags: all };
}

function patternProblem(source: string, flags: string): string | undefined {
  try {
    return void RegExp(source, flags);
  } catch (error) {
    return (error as Error).message;
  }
}

/** A value of a file as text; what is no scalar as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value ?? null);
}
