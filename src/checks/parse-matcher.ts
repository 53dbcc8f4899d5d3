import { z } from 'zod';
import { impossible } from './impossible.ts';
import type { Matcher } from './matcher.ts';
import {
  checkOperand,
  patternText,
  readBetween,
  readFragment,
  readNumber,
  readPattern,
  readVersion,
} from './matcher-operands.ts';
import { type MatcherProblem, Place } from './place.ts';
import { readChangedSince, readCount, readPaths, readTime, readVersions } from './read-structured.ts';
import type { ValueShape } from './value-shape.ts';

export type ParsedMatcher = { readonly matcher: Matcher } | { readonly problems: readonly MatcherProblem[] };

const GENERAL = ['equal', 'oneOf', 'not', 'all', 'any', 'present', 'absent'];
const TEXT = ['matches', 'contains', 'startsWith', 'endsWith', 'length'];
const NUMBER = ['gt', 'gte', 'lt', 'lte', 'between'];
const LIST = ['each', 'none', 'superset', 'subset', 'exactly', 'only', 'length', 'count'];

/** The matcher keys that an attribute of this shape takes. */
export function matcherKeys(shape: ValueShape): readonly string[] {
  const keys = new Set(GENERAL);
  const add = (more: readonly string[]): void => more.forEach((key) => keys.add(key));
  if (shape.kind !== 'boolean' && shape.kind !== 'number' && shape.kind !== 'time') add(TEXT);
  if (shape.kind !== 'boolean') add(NUMBER);
  if (shape.list || shape.kind === 'any') add(LIST);
  if (shape.kind === 'any') add(['hasKey']);
  if (shape.kind === 'version') add(['semver']);
  if (shape.text) add(['count']);
  if (shape.kind === 'any' || (shape.kind === 'string' && !(shape.element instanceof z.ZodEnum))) {
    add(['semver', 'version']);
    if (!shape.list) add(['json', 'xml']);
  }
  if (shape.kind === 'time') add(['changedSince']);
  return [...keys];
}

/** Reads a matcher as written in a check. Pure; all problems are found in one go, with their place. */
export function parseMatcher(raw: unknown, shape: ValueShape): ParsedMatcher {
  const problems: MatcherProblem[] = [];
  const matcher = read(raw, shape, new Place([], problems));
  return matcher === undefined || problems.length > 0 ? { problems } : { matcher };
}

const LENGTH: ValueShape = {
  kind: 'number',
  list: false,
  text: false,
  plain: true,
  element: z.int().min(0),
};

type Read = Matcher | undefined;

function read(raw: unknown, shape: ValueShape, place: Place): Read {
  const found = readAsked(raw, shape, place);
  const why = found && impossible(found, shape);
  return why === undefined ? found : place.refuse(why, raw);
}

function readAsked(raw: unknown, shape: ValueShape, place: Place): Read {
  if (Array.isArray(raw)) return readListLiteral(raw, shape, place);
  if (typeof raw === 'object' && raw !== null && !(raw instanceof Date)) {
    return readMap(raw as Record<string, unknown>, shape, place);
  }
  if (raw instanceof RegExp) return { kind: 'matches', pattern: raw };
  const literal = readLiteral(raw, shape, place);
  return literal && shape.list ? { kind: 'some', of: literal } : literal;
}

function readListLiteral(raw: readonly unknown[], shape: ValueShape, place: Place): Read {
  if (!shape.list && !shape.text && shape.kind !== 'any') {
    const message = 'a list cannot match a single value: write {oneOf: […]} or {all: […]}';
    return place.refuse(message, raw);
  }
  if (raw.length === 0)
    return place.refuse('an empty list asserts nothing: write {absent: true} or {exactly: []}', raw);
  const items = readItems(raw, elementOf(shape), place);
  return items && { kind: 'superset', items };
}

function readItems(raw: unknown, element: ValueShape, place: Place): Matcher[] | undefined {
  if (!Array.isArray(raw)) return place.refuse('expected a list', raw);
  const items = raw.map((item, index) => read(item, element, place.at(index)));
  return items.every((item) => item !== undefined) ? items : undefined;
}

/** Shape of one element: an element of a text is a fragment, so a literal there means "contains". */
function elementOf(shape: ValueShape): ValueShape {
  return { ...shape, list: false };
}

function readLiteral(raw: unknown, shape: ValueShape, place: Place): Read {
  if (raw === null || raw === undefined) {
    if (shape.kind === 'any' && raw === null) return { kind: 'equal', value: null };
    return place.refuse('no value given: write {absent: true} if it must not be set, or ""', raw);
  }
  const pattern = !shape.plain && shape.kind !== 'number' ? patternText(raw) : undefined;
  if (pattern) return readPattern(raw, shape, place);
  if (shape.text && place.path.length > 0 && typeof raw === 'string') return { kind: 'contains', text: raw };
  const value = checkOperand(raw, shape, place);
  if (value === undefined) return undefined;
  return shape.text ? { kind: 'equal', value, looseEnd: true } : { kind: 'equal', value };
}

function readMap(raw: Record<string, unknown>, shape: ValueShape, place: Place): Read {
  const known = matcherKeys(shape);
  const keys = Object.keys(raw);
  if (keys.length === 0)
    return place.refuse(`an empty map asserts nothing; matchers here: ${known.join(', ')}`, raw);
  const all: Read[] = [];
  for (const key of keys) {
    const at = place.at(key);
    if (known.includes(key)) {
      all.push(readEntry(key, raw[key], shape, at));
    } else {
      at.refuse(`unknown matcher '${key}'`, raw[key], known);
    }
  }
  const found = all.filter((one) => one !== undefined);
  if (found.length !== all.length) return undefined;
  return found.length === 1 ? found[0] : { kind: 'all', of: found };
}

const SCALAR_KEYS = new Set([
  ...TEXT.filter((key) => key !== 'length'),
  ...NUMBER,
  'oneOf',
  'semver',
  'version',
  'changedSince',
]);

function readEntry(key: string, raw: unknown, shape: ValueShape, place: Place): Read {
  if (shape.list && SCALAR_KEYS.has(key)) {
    const of = readScalar(key, raw, elementOf(shape), place);
    return of && { kind: 'some', of };
  }
  switch (key) {
    case 'equal':
      return readEqual(raw, shape, place);
    case 'not': {
      const of = read(raw, shape, place);
      return of && { kind: 'not', of };
    }
    case 'all':
      return readAlternatives('all', raw, shape, place);
    case 'any':
      if (Array.isArray(raw)) return readAlternatives('any', raw, shape, place);
      return readEach('some', raw, shape, place);
    case 'each':
    case 'none':
      return readEach(key, raw, shape, place);
    case 'json':
    case 'xml':
      return readPaths(key, raw, place, read);
    case 'count':
      return readCount(raw, elementOf(shape), place, read);
    case 'superset':
    case 'subset':
    case 'only':
    case 'exactly': {
      if (key !== 'exactly' && Array.isArray(raw) && raw.length === 0)
        return place.refuse('an empty list asserts nothing', raw);
      const items = readItems(raw, elementOf(shape), place);
      return items && { kind: key, items };
    }
    case 'present':
    case 'absent':
      if (typeof raw === 'boolean') return { kind: raw === (key === 'present') ? 'present' : 'absent' };
      return place.refuse('expected true or false', raw);
    default:
      return readScalar(key, raw, shape, place);
  }
}

function readEqual(raw: unknown, shape: ValueShape, place: Place): Read {
  if (shape.list && Array.isArray(raw)) {
    const values = raw.map((item, index) => checkOperand(item, shape, place.at(index)));
    return { kind: 'equal', value: values };
  }
  const value = checkOperand(raw, shape, place);
  if (value === undefined) return undefined;
  return shape.list ? { kind: 'equal', value: [value] } : { kind: 'equal', value };
}

function readAlternatives(kind: 'all' | 'any', raw: unknown, shape: ValueShape, place: Place): Read {
  if (!Array.isArray(raw) || raw.length === 0)
    return place.refuse('expected a list of matchers that is not empty', raw);
  const of = readItems(raw, shape, place);
  return of && { kind, of };
}

function readEach(kind: 'each' | 'none' | 'some', raw: unknown, shape: ValueShape, place: Place): Read {
  if (!shape.list && shape.kind !== 'any') return place.refuse('expected a list of matchers', raw);
  const of = read(raw, elementOf(shape), place);
  return of && { kind, of };
}

/** `gte: 2026-11-21T07:30:00Z` of an attribute that is a time. */
function asTimes(raw: unknown, shape: ValueShape): unknown {
  if (shape.kind !== 'time') return raw;
  return Array.isArray(raw) ? raw.map((one: unknown) => readTime(one) ?? one) : (readTime(raw) ?? raw);
}

function readScalar(key: string, raw: unknown, shape: ValueShape, place: Place): Read {
  if (key === 'semver' || (shape.kind === 'version' && NUMBER.includes(key)))
    return readVersion(key, raw, place);
  if (key === 'version') return readVersions(raw, place, readVersion);
  if (key === 'changedSince') return readChangedSince(raw, place);
  switch (key) {
    case 'oneOf': {
      if (!Array.isArray(raw) || raw.length === 0)
        return place.refuse('expected a list of values that is not empty', raw);
      return { kind: 'oneOf', values: raw.map((item, i) => checkOperand(item, shape, place.at(i))) };
    }
    case 'matches':
      return readPattern(raw, shape, place);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return readFragment(key, raw, shape, place);
    case 'length': {
      const of = read(raw, LENGTH, place);
      return of && { kind: 'length', of };
    }
    case 'hasKey':
      if (typeof raw === 'string') return { kind: 'hasKey', key: raw };
      return place.refuse('expected the name of a key', raw);
    case 'between':
      return readBetween(asTimes(raw, shape), place);
    default: {
      const value = readNumber(asTimes(raw, shape), place);
      return value === undefined ? undefined : { kind: key as 'gt' | 'gte' | 'lt' | 'lte', value };
    }
  }
}
