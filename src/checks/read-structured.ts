import { z } from 'zod';
import { pathProblem } from './json-path.ts';
import type { Matcher } from './matcher.ts';
import type { Place } from './place.ts';
import type { ValueShape } from './value-shape.ts';
import { xmlPathProblem } from './xml-path.ts';

type Read = Matcher | undefined;
type ReadAny = (raw: unknown, shape: ValueShape, place: Place) => Read;

const NUMBER: ValueShape = { kind: 'number', list: false, text: false, plain: true, element: z.int().min(0) };
const PART: Readonly<Record<'json' | 'xml', ValueShape>> = {
  json: { kind: 'any', list: false, text: false, plain: false, element: z.unknown() },
  // XML has texts only; numbers are compared as numbers all the same.
  xml: { kind: 'string', list: false, text: false, plain: false, element: z.string() },
};

/** `json: {server.port: 80}`, `xml: {/config/port: 80}` */
export function readPaths(key: 'json' | 'xml', raw: unknown, place: Place, read: ReadAny): Read {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || Object.keys(raw).length === 0) {
    const example = key === 'json' ? '{items[0].name: nut}' : '{/config/port: 80}';
    return place.refuse(`expected a map from paths to matchers, such as ${example}`, raw);
  }
  const problemOf = key === 'json' ? pathProblem : xmlPathProblem;
  const entries = Object.entries(raw).map(([path, wanted]) => {
    const problem = problemOf(path);
    const of = problem === undefined ? read(wanted, PART[key], place.at(path)) : undefined;
    return [path, problem === undefined ? of : place.at(path).refuse(problem, path)];
  });
  return entries.every(([, of]) => of !== undefined)
    ? { kind: 'path', language: key, entries: entries as [string, Matcher][] }
    : undefined;
}

/** `count: 3`, `count: {gte: 3}`, `count: {of: /worker/, is: 3}` */
export function readCount(raw: unknown, element: ValueShape, place: Place, read: ReadAny): Read {
  const map = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? raw : {};
  if (!('of' in map) && !('is' in map)) {
    const is = read(raw, NUMBER, place);
    return is && { kind: 'count', is, of: undefined };
  }
  const odd = Object.keys(map).find((key) => key !== 'of' && key !== 'is');
  if (odd !== undefined) return place.at(odd).refuse(`unknown key '${odd}'`, raw, ['of', 'is']);
  const given = map as { readonly of?: unknown; readonly is?: unknown };
  const is = read(given.is ?? { gte: 1 }, NUMBER, place.at('is'));
  const of = given.of === undefined ? undefined : read(given.of, element, place.at('of'));
  if (given.of !== undefined && of === undefined) return undefined;
  return is && { kind: 'count', is, of };
}

/** `changedSince: converge`, a time as ISO 8601 writes it, or seconds since the epoch. */
export function readChangedSince(raw: unknown, place: Place): Read {
  if (raw === 'converge') return { kind: 'changedSince', since: 'converge' };
  const seconds = readTime(raw);
  if (seconds !== undefined) return { kind: 'changedSince', since: seconds };
  return place.refuse("expected 'converge' or a time such as '2026-11-21T07:30:00Z'", raw);
}

/** Seconds since the epoch. A time without a zone is UTC. */
export function readTime(raw: unknown): number | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined;
  if (raw instanceof Date) return raw.getTime() / 1000;
  if (typeof raw !== 'string' || !/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/.test(raw)) return undefined;
  const isZoned = /(Z|[+-]\d\d:?\d\d)$/i.test(raw) || raw.length === 10;
  const ms = Date.parse(isZoned ? raw : `${raw}Z`);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

/** `version: '>=1.18, <2'` or `version: {gte: '1.18'}`: compared as Debian compares versions. */
export function readVersions(
  raw: unknown,
  place: Place,
  readOne: (key: string, raw: unknown, place: Place) => Read,
): Read {
  const asked =
    typeof raw === 'string'
      ? comparisons(raw)
      : typeof raw === 'object' && raw !== null
        ? Object.entries(raw)
        : [];
  if (asked === undefined || asked.length === 0 || Array.isArray(raw)) {
    return place.refuse(
      "expected comparisons such as '>=1.18, <2', or a map of gt, gte, lt, lte, between",
      raw,
    );
  }
  const of = asked.map(([key, value]) =>
    VERSION_KEYS.includes(key)
      ? readOne(key, value, typeof raw === 'string' ? place : place.at(key))
      : place.at(key).refuse(`unknown matcher '${key}'`, value, VERSION_KEYS),
  );
  const found = of.filter((one) => one !== undefined);
  if (found.length !== of.length) return undefined;
  return found.length === 1 ? found[0] : { kind: 'all', of: found };
}

const VERSION_KEYS = ['gt', 'gte', 'lt', 'lte', 'between'];
const RELATIONS: Readonly<Record<string, string>> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' };

function comparisons(text: string): [string, string][] | undefined {
  const parts = text.split(/\s*,\s*|\s+(?=[<>])/).map((part) => /^([<>]=?)\s*(\S+)$/.exec(part.trim()));
  if (parts.some((part) => part === null)) return undefined;
  return parts.map((part) => [RELATIONS[part?.[1] ?? ''] ?? '', part?.[2] ?? '']);
}
