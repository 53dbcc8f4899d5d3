import { type Node, toPlain } from '../../config/tree.ts';
import { containing, isList, jsPattern, literal, negated, patternOf, type Shape, Unfit } from '../values.ts';

/**
 * A goss matcher in our words (goss: docs/gossfile.md, resource/gomega.go). Undefined for an empty list, which asserts
 * nothing in goss. Throws `Unfit`.
 */
export function gossMatcher(node: Node, shape: Shape): unknown {
  if (node.kind === 'scalar') return scalarMatcher(node.value, shape);
  if (node.kind === 'seq') return listMatcher(node.items, shape);
  const [[key, entry] = [], ...others] = [...node.entries];
  if (key === undefined || entry === undefined) throw new Unfit('an empty map asserts nothing');
  if (others.length > 0) throw new Unfit('several matchers in one map: goss refuses that, too');
  return namedMatcher(key, entry.value, shape);
}

function scalarMatcher(value: string | number | boolean | null, shape: Shape): unknown {
  if (value === null) throw new Unfit('no value is given');
  if (shape === 'mode') return modeOf(value);
  // goss compares texts: a version or a parameter that YAML reads as a number is one all the same.
  if (shape === 'number' || shape === 'any') return value;
  // Inside a matcher of a long text a plain text means "contains".
  if (shape === 'long') return { equal: String(value) };
  return literal(String(value), shape);
}

/** goss compares modes as numbers, so that 644 is "0644". */
function modeOf(value: string | number | boolean): string {
  const digits = String(value);
  if (/^[0-7]{3,4}$/.test(digits)) return digits.padStart(4, '0');
  // YAML reads 0644 as the number 420.
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0)
    return value.toString(8).padStart(4, '0');
  throw new Unfit(`'${digits}' are no permission bits`);
}

function listMatcher(items: readonly Node[], shape: Shape): unknown {
  if (items.length === 0) return undefined;
  if (shape === 'long') return patterns(items);
  if (!isList(shape) && shape !== 'any')
    throw new Unfit('a list for a single value: goss lets it never pass');
  return items.map((one) => gossMatcher(one, elementOf(shape)));
}

/** `foo`, `!foo`, `/re/`, `!/re/`, each for some line or no line; a backslash escapes `!` and `/`. */
function patterns(items: readonly Node[]): unknown {
  const all = items.map((item) => {
    if (item.kind !== 'scalar' || item.value === null) throw new Unfit('a list of patterns holds texts only');
    return linePattern(String(item.value));
  });
  const isSimple = all.every(({ contains }) => contains !== undefined);
  if (isSimple) return all.map(({ contains }) => contains);
  const matchers = all.map(({ matcher }) => matcher);
  return matchers.length === 1 ? matchers[0] : { all: matchers };
}

function linePattern(text: string): { readonly matcher: unknown; readonly contains?: string } {
  const isNegated = text.startsWith('!');
  const rest = isNegated ? text.slice(1) : text;
  const [, source] = /^\/(.*)\/$/s.exec(rest) ?? [];
  if (source !== undefined) {
    const made = jsPattern(source, '', 'long');
    const matcher = { matches: patternOf(made.source, made.flags) };
    return { matcher: isNegated ? negated(matcher) : matcher };
  }
  const plain = rest.replace(/^\\(?=[!/\\])/, '');
  const matcher = containing(plain, 'long');
  if (isNegated) return { matcher: negated(matcher) };
  const isWord = typeof matcher === 'object' && matcher !== null && 'contains' in matcher;
  return { matcher, ...(isWord && { contains: plain }) };
}

const COMPARED: Readonly<Record<string, string>> = { gt: 'gt', ge: 'gte', lt: 'lt', le: 'lte' };
const FRAGMENTS: Readonly<Record<string, string>> = {
  'have-prefix': 'startsWith',
  'have-suffix': 'endsWith',
};

function namedMatcher(key: string, value: Node, shape: Shape): unknown {
  const compared = COMPARED[key];
  if (compared !== undefined) return { [compared]: plainNumber(value) };
  const fragment = FRAGMENTS[key];
  if (fragment !== undefined) return { [fragment]: text(key, value) };
  switch (key) {
    case 'equal':
      return { equal: shape === 'mode' ? gossMatcher(value, shape) : plain(value, shape) };
    case 'match-regexp': {
      const made = jsPattern(text(key, value), '', shape);
      return { matches: patternOf(made.source, made.flags) };
    }
    case 'contain-substring':
      return containing(text(key, value), shape);
    case 'have-len':
      return { length: plainNumber(value) };
    case 'have-patterns':
      return patterns(itemsOf(key, value));
    case 'have-key':
      if (value.kind !== 'scalar') throw new Unfit('a matcher for a key has no equal');
      return { hasKey: String(value.value) };
    case 'contain-element':
      return { any: gossMatcher(value, elementOf(shape)) };
    case 'contain-elements':
      return { superset: elements(key, value, shape) };
    case 'consist-of':
      return { exactly: itemsOf(key, value).map((one) => gossMatcher(one, elementOf(shape))) };
    case 'not':
      return negated(asserting(value, shape));
    case 'and':
    case 'or':
      return { [key === 'and' ? 'all' : 'any']: itemsOf(key, value).map((one) => asserting(one, shape)) };
    case 'semver-constraint':
      return { semver: text(key, value) };
    case 'gjson':
      return { json: jsonPaths(value) };
    default:
      throw new Unfit(
        key === 'xml'
          ? 'XPath has no equal: look at `file: xml:`'
          : `'${key}' is no matcher that is known here`,
      );
  }
}

function asserting(value: Node, shape: Shape): unknown {
  const made = gossMatcher(value, shape);
  if (made === undefined) throw new Unfit('an empty list asserts nothing');
  return made;
}

function elements(key: string, value: Node, shape: Shape): readonly unknown[] {
  return itemsOf(key, value).map((one) => gossMatcher(one, elementOf(shape)));
}

function itemsOf(key: string, value: Node): readonly Node[] {
  if (value.kind === 'seq' && value.items.length > 0) return value.items;
  throw new Unfit(`${key} takes a list that is not empty`);
}

function text(key: string, value: Node): string {
  if (value.kind === 'scalar' && typeof value.value === 'string') return value.value;
  throw new Unfit(`${key} takes a text`);
}

function plainNumber(value: Node): unknown {
  if (value.kind === 'scalar' && (typeof value.value === 'number' || typeof value.value === 'string'))
    return value.value;
  throw new Unfit('expected a number');
}

function plain(value: Node, shape: Shape): unknown {
  if (value.kind === 'scalar' && shape !== 'number' && shape !== 'any') return String(value.value);
  return toPlain(value);
}

function elementOf(shape: Shape): Shape {
  if (shape === 'list') return 'text';
  return shape === 'plain list' ? 'plain' : shape;
}

/** `items.0.name` → `items[0].name`; what else gjson knows (queries, `#`, modifiers) has no equal. */
function jsonPaths(value: Node): Record<string, unknown> {
  if (value.kind !== 'map' || value.entries.size === 0) throw new Unfit('gjson takes a map of paths');
  return Object.fromEntries(
    [...value.entries].map(([path, entry]) => {
      if (/[#@|*?(){}\\!]/.test(path))
        throw new Unfit(`the gjson path '${path}' is more than names and numbers`);
      return [path.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]'), gossMatcher(entry.value, 'any')];
    }),
  );
}
