import { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { describeIssue } from '../core/zod-words.ts';
import type { Matcher, Operand } from './matcher.ts';
import type { Place } from './place.ts';
import { readTime } from './read-structured.ts';
import type { ValueShape } from './value-shape.ts';
import { isEmptyRange, isRange } from './versions/order.ts';

type Read = Matcher | undefined;

/**
 * `/source/flags` as JavaScript writes it: a slash inside must be escaped, so `/etc/nginx/` is a plain text, and so is
 * `/srv/repo`, whose last letters are no flags. Those of Ruby (`x`, `n`, `o`, `e`) are taken for flags, to be refused: they
 * were meant as such.
 */
export function patternText(raw: unknown): { source: string; flags: string } | undefined {
  const found = typeof raw === 'string' ? /^\/((?:[^/\\\n]|\\.)+)\/([dgimsuvyxnoe]*)$/.exec(raw) : null;
  return found ? { source: found[1] ?? '', flags: found[2] ?? '' } : undefined;
}

export function readPattern(raw: unknown, shape: ValueShape, place: Place): Read {
  if (raw instanceof RegExp) return { kind: 'matches', pattern: raw };
  const text = typeof raw === 'string' || typeof raw === 'number' ? String(raw) : undefined;
  const parts = patternText(raw) ?? (text === undefined ? undefined : { source: text, flags: '' });
  if (parts === undefined || parts.source === '')
    return place.refuse('expected a regular expression such as /ok/i', raw);
  if (/(?<!\\)(?:\\\\)*\\[AzZ]/.test(parts.source)) {
    return place.refuse('\\A, \\z and \\Z are not known in these patterns: write ^ and $', raw);
  }
  const flags = parts.flags.replace(/[gy]/g, '');
  try {
    // Lines of a long text are matched one by one, as grep does.
    return {
      kind: 'matches',
      pattern: new RegExp(parts.source, shape.text && !flags.includes('m') ? `${flags}m` : flags),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return place.refuse(message.replace(/^Invalid regular expression/, 'invalid regular expression'), raw);
  }
}

/** Filled in before the check runs. */
const TEMPLATE = /\$\{[^}]+\}/;

/** A literal or operand, checked against the attribute's type. A template stays a text until it is filled in. */
export function checkOperand(raw: unknown, shape: ValueShape, place: Place): unknown {
  if (shape.kind === 'any') return raw;
  if (typeof raw === 'string' && TEMPLATE.test(raw)) return raw;
  if (shape.kind === 'version' && isBrokenNumber(raw)) return place.refuse(QUOTED, raw);
  if (shape.kind === 'version' && typeof raw === 'string' && !/\d/.test(raw))
    return place.refuse('expected a version: there is no digit in it', raw);
  const value = shape.kind === 'time' ? (readTime(raw) ?? raw) : converted(raw, shape);
  const parsed = shape.element.safeParse(value);
  if (parsed.success) return parsed.data;
  if (shape.element instanceof z.ZodEnum) {
    const known = shape.element.options.map(String);
    const near = didYouMean(String(raw), known);
    const guess = near === undefined ? '' : `; did you mean "${near}"?`;
    return place.refuse(`expected one of ${known.join(', ')}${guess}`, raw);
  }
  const [issue] = parsed.error.issues;
  return place.refuse(
    wishOf(shape, value) ?? (issue ? describeIssue(issue) : 'no value of this attribute'),
    raw,
  );
}

/** Words in the place of numbers and times: what could have been meant instead. */
function wishOf(shape: ValueShape, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (shape.kind === 'time')
    return "expected a time such as '2026-11-21T07:30:00Z', or {changedSince: converge}";
  return shape.kind === 'number' ? 'expected a number, or matchers such as {gte: 2, lt: 10}' : undefined;
}

/** YAML reads `version: 1.2` as a number and `"80"` as a text; both are meant as the attribute's type. */
function converted(raw: unknown, shape: ValueShape): unknown {
  if (shape.element instanceof z.ZodString && (typeof raw === 'number' || typeof raw === 'boolean'))
    return String(raw);
  if (shape.kind === 'number' && typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw.trim()))
    return Number(raw);
  return raw;
}

export function readFragment(
  kind: 'contains' | 'startsWith' | 'endsWith',
  raw: unknown,
  shape: ValueShape,
  place: Place,
): Read {
  if (kind === 'contains' && Array.isArray(raw) && raw.length > 0) {
    const of = raw.map((item, i) => readFragment(kind, item, shape, place.at(i)));
    return of.every((one) => one !== undefined) ? { kind: 'all', of } : undefined;
  }
  if (kind === 'contains' && !shape.plain && patternText(raw)) return readPattern(raw, shape, place);
  const text = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw;
  if (typeof text === 'string' && text !== '') return { kind, text };
  return place.refuse('expected a text that is not empty', raw);
}

export function readBetween(raw: unknown, place: Place): Read {
  if (!Array.isArray(raw) || raw.length !== 2) return place.refuse('expected two numbers: [from, to]', raw);
  const from = readNumber(raw[0], place.at(0));
  const to = readNumber(raw[1], place.at(1));
  if (from === undefined || to === undefined) return undefined;
  if (typeof from === 'number' && typeof to === 'number' && from > to)
    return place.refuse(`no number is between ${from} and ${to}: write [${to}, ${from}]`, raw);
  return { kind: 'between', from, to };
}

export function readNumber(raw: unknown, place: Place): Operand | undefined {
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw;
  if (typeof raw === 'string' && TEMPLATE.test(raw)) return raw;
  if (typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw.trim())) return Number(raw);
  return place.refuse('expected a number', raw);
}

const QUOTED = 'write a version in quotes: YAML reads 1.10 as the number 1.1';

function isBrokenNumber(raw: unknown): boolean {
  return typeof raw === 'number' && !Number.isInteger(raw);
}

/** `gte: '1.18'`, `between: ['1.18', '2']`, `semver: '^1.18'` */
export function readVersion(key: string, raw: unknown, place: Place): Read {
  if (key === 'between') {
    if (!Array.isArray(raw) || raw.length !== 2)
      return place.refuse('expected two versions: [from, to]', raw);
    const [from, to] = [readVersion('gte', raw[0], place.at(0)), readVersion('lte', raw[1], place.at(1))];
    return from && to && { kind: 'all', of: [from, to] };
  }
  if (isBrokenNumber(raw)) return place.refuse(QUOTED, raw);
  const value = typeof raw === 'number' ? String(raw) : raw;
  if (typeof value !== 'string' || value.trim() === '') return place.refuse('expected a version', raw);
  if (TEMPLATE.test(value)) return { kind: 'version', relation: relationOf(key), value };
  if (key === 'semver' && !isRange(value))
    return place.refuse("expected a range such as '^1.18' or '>=1.18 <2'", raw);
  if (key === 'semver' && isEmptyRange(value))
    return place.refuse('impossible: no version is in this range', raw);
  if (key !== 'semver' && !/^(v|\d+[:!])?\d/.test(value)) return place.refuse('expected a version', raw);
  return { kind: 'version', relation: relationOf(key), value: value.trim() };
}

function relationOf(key: string): 'gt' | 'gte' | 'lt' | 'lte' | 'semver' {
  return (['gt', 'gte', 'lt', 'lte'] as const).find((one) => one === key) ?? 'semver';
}
