import { isDeepStrictEqual } from 'node:util';
import { matchesAny } from './bounded-match.ts';
import type { Matcher } from './matcher.ts';
import { describeValue } from './redact.ts';
import { countOf, type PathMatcher, parsed, valueAt } from './structured.ts';
import { every, opposite, some, type Truth } from './three-valued.ts';
import { asSemver, compareVersions, inRange } from './versions/order.ts';

type Note = (transform: string) => void;

/**
 * True when the matcher holds for the value. Pure; throws only for a pattern that takes too long. `note` hears of each
 * conversion that was made. `undefined` and `null` mean "not set"; no matcher but `absent`, `not`, `none` and
 * `equal: null` holds for them. What cannot be compared (a word with a number, a text that is no JSON) meets neither a
 * matcher nor its `not`.
 */
export function holds(actual: unknown, matcher: Matcher, note: Note = () => {}): boolean {
  return truthOf(actual, matcher, note) === true;
}

/** As `holds`, and undefined where the value is set but cannot be compared in that way. */
export function truthOf(actual: unknown, matcher: Matcher, note: Note = () => {}): Truth {
  switch (matcher.kind) {
    case 'equal':
      return (
        isEqual(actual, matcher.value) ||
        (matcher.looseEnd === true && isEqual(withoutFinalLineEnd(actual), matcher.value))
      );
    case 'oneOf':
      return anyElement(actual, (value) => matcher.values.some((wanted) => isEqual(value, wanted)));
    case 'matches':
      return matchesAny(matcher.pattern, scalarsOf(actual).map(String)) || inText(actual, () => false);
    case 'contains':
      return inText(actual, (text) => text.includes(matcher.text));
    case 'startsWith':
      return inText(actual, (text) => text.startsWith(matcher.text));
    case 'endsWith':
      return inText(actual, (text) => text.endsWith(matcher.text));
    case 'gt':
      return compare(actual, note, (value) => value > Number(matcher.value));
    case 'gte':
      return compare(actual, note, (value) => value >= Number(matcher.value));
    case 'lt':
      return compare(actual, note, (value) => value < Number(matcher.value));
    case 'lte':
      return compare(actual, note, (value) => value <= Number(matcher.value));
    case 'between':
      return compare(actual, note, (value) => value >= Number(matcher.from) && value <= Number(matcher.to));
    case 'version':
      return anyElement(actual, (value) =>
        typeof value === 'string' ? isVersion(value, matcher, note) : undefined,
      );
    case 'changedSince':
      return compare(actual, note, (value) => matcher.since !== 'converge' && value >= matcher.since);
    case 'path':
      return holdsAtPaths(actual, matcher, note);
    case 'count': {
      const { of, is } = matcher;
      const count = countOf(actual, (element) => of === undefined || holds(element, of, note));
      return count === undefined ? otherKind(actual) : truthOf(count, is, note);
    }
    case 'length':
      return holdsForLength(actual, matcher.of, note);
    case 'hasKey':
      if (typeof actual !== 'object' || actual === null) return otherKind(actual);
      return Object.hasOwn(actual, matcher.key);
    case 'present':
      return isPresent(actual);
    case 'absent':
      return !isPresent(actual);
    case 'not':
      return opposite(truthOf(actual, matcher.of, note));
    case 'all':
      return every(matcher.of.map((one) => truthOf(actual, one, note)));
    case 'any':
      return some(matcher.of.map((one) => truthOf(actual, one, note)));
    default:
      return holdsForList(actual, matcher, note);
  }
}

/** Of another kind than the matcher compares, unless it is not set at all. */
function otherKind(actual: unknown): Truth {
  return actual === undefined || actual === null ? false : undefined;
}

type ListMatcher = Extract<
  Matcher,
  { kind: 'each' | 'none' | 'some' | 'superset' | 'subset' | 'exactly' | 'only' }
>;

function holdsForList(actual: unknown, matcher: ListMatcher, note: Note): Truth {
  if (typeof actual === 'string' && matcher.kind === 'superset') {
    return every(matcher.items.map((item) => truthOf(actual, item, note)));
  }
  if (actual === undefined || actual === null) return matcher.kind === 'none';
  const elements: readonly unknown[] = Array.isArray(actual) ? actual : [actual];
  const truths = (item: Matcher): Truth[] => elements.map((element) => truthOf(element, item, note));
  const isMet = (element: unknown, item: Matcher): boolean => holds(element, item, note);
  switch (matcher.kind) {
    case 'each':
      // Nothing observed proves nothing: `each` of an empty list does not hold.
      return elements.length > 0 && every(truths(matcher.of));
    case 'none':
      return opposite(some(truths(matcher.of)));
    case 'some':
      return some(truths(matcher.of));
    case 'superset':
      return every(matcher.items.map((item) => some(truths(item))));
    case 'subset':
      return elements.every((element) => matcher.items.some((item) => isMet(element, item)));
    case 'only':
      return (
        elements.every((element) => matcher.items.some((item) => isMet(element, item))) &&
        matcher.items.every((item) => elements.some((element) => isMet(element, item)))
      );
    default:
      return elements.length === matcher.items.length && isPairing(elements, matcher.items, isMet);
  }
}

/** True when each element can be given an item of its own (order-free; Kuhn's bipartite matching). */
function isPairing(
  elements: readonly unknown[],
  items: readonly Matcher[],
  isMet: (element: unknown, item: Matcher) => boolean,
): boolean {
  const ownerOfItem = new Map<number, number>();
  const place = (element: number, tried: Set<number>): boolean =>
    items.some((item, index) => {
      if (tried.has(index) || !isMet(elements[element], item)) return false;
      tried.add(index);
      const owner = ownerOfItem.get(index);
      if (owner !== undefined && !place(owner, tried)) return false;
      ownerOfItem.set(index, element);
      return true;
    });
  return elements.every((_element, index) => place(index, new Set()));
}

/** A list attribute meets a scalar matcher when one of its elements does. */
function anyElement(actual: unknown, test: (value: unknown) => Truth): Truth {
  if (actual === undefined || actual === null) return false;
  return Array.isArray(actual) ? some(actual.map(test)) : test(actual);
}

/** A map or a list of maps is no text, so neither is something in it nor not. */
function inText(actual: unknown, test: (text: string) => boolean): Truth {
  return anyElement(actual, (value) =>
    isScalar(value) ? test(String(value)) : value === null ? false : undefined,
  );
}

function compare(actual: unknown, note: Note, test: (value: number) => boolean): Truth {
  return anyElement(actual, (value) => {
    if (typeof value === 'number') return test(value);
    if (typeof value !== 'string' || !/^\s*[-+]?\d+(\.\d+)?([eE][-+]?\d+)?\s*$/.test(value))
      return value === null ? false : undefined;
    note(`to number (raw value was ${JSON.stringify(value)})`);
    return test(Number(value));
  });
}

function isVersion(value: string, matcher: Extract<Matcher, { kind: 'version' }>, note: Note): Truth {
  if (matcher.relation === 'semver') {
    const plain = asSemver(value);
    if (plain === undefined) return undefined;
    if (plain !== value) note(`to ${plain} (the whole version is ${JSON.stringify(value)})`);
    return inRange(value, matcher.value);
  }
  const own = matcher.order === undefined ? versionIn(value, note) : value;
  if (own === undefined) return undefined;
  const order = compareVersions(matcher.order ?? 'dpkg', own, matcher.value);
  if (matcher.relation === 'gt') return order > 0;
  if (matcher.relation === 'gte') return order >= 0;
  return matcher.relation === 'lt' ? order < 0 : order <= 0;
}

/** The version in a text such as `nginx/1.22.1`. */
function versionIn(text: string, note: Note): string | undefined {
  if (/^v?\d\S*$/.test(text)) return text.replace(/^v/, '');
  const found = /\d+(?:\.[\w]+)+(?:[-+~][\w.+~]+)?/.exec(text)?.[0] ?? /\d+/.exec(text)?.[0];
  if (found !== undefined) note(`to version ${found} (the whole text is ${describeValue(text)})`);
  return found;
}

function holdsAtPaths(actual: unknown, { language, entries }: PathMatcher, note: Note): Truth {
  if (actual === undefined || actual === null) return false;
  const document = parsed(actual, language);
  if (!document) return undefined;
  return every(entries.map(([path, of]) => truthOf(valueAt(document.value, path, language), of, note)));
}

function holdsForLength(actual: unknown, of: Matcher, note: Note): Truth {
  if (typeof actual === 'string' || Array.isArray(actual)) return truthOf(actual.length, of, note);
  if (typeof actual === 'object' && actual !== null) return truthOf(Object.keys(actual).length, of, note);
  return otherKind(actual);
}

function isEqual(actual: unknown, wanted: unknown): boolean {
  return isDeepStrictEqual(actual ?? null, wanted ?? null);
}

function withoutFinalLineEnd(actual: unknown): unknown {
  return typeof actual === 'string' ? actual.replace(/\r?\n$/, '') : actual;
}

/** Set: not undefined, not null, and for a list not empty. An empty text is set. */
function isPresent(actual: unknown): boolean {
  return actual !== undefined && actual !== null && !(Array.isArray(actual) && actual.length === 0);
}

function scalarsOf(value: unknown): readonly unknown[] {
  return (Array.isArray(value) ? value : [value]).filter(isScalar);
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
