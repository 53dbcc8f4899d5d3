import { z } from 'zod';
import { matcherKeys } from './parse-matcher.ts';
import type { ValueShape } from './value-shape.ts';

/** JSON Schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Name of a shape's definition; shapes with one name take the same matchers. */
export function matcherDefinition(shape: ValueShape): string {
  const words = [shape.text ? 'text' : shape.kind, shape.list && 'list', shape.plain && 'plain'];
  const { element } = shape;
  if (element instanceof z.ZodEnum) words.push(...element.options.map(String));
  return `matcher-${words.filter((word) => word !== false).join('-')}`;
}

const SHORT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  equal: 'exactly this value',
  oneOf: 'one of these values',
  not: 'anything but what this matches',
  all: 'all of these',
  any: 'one of these',
  present: 'true: there is a value',
  absent: 'true: there is no value',
  matches: 'a regular expression matches',
  contains: 'the text, or each of these texts, is in it',
  startsWith: 'it starts with this text',
  endsWith: 'it ends with this text',
  length: 'number of characters or elements',
  gt: 'greater than',
  gte: 'at least',
  lt: 'less than',
  lte: 'at most',
  between: 'from … to, both included',
  each: 'every element',
  none: 'no element',
  superset: 'it has each of these, in any order',
  subset: 'it has nothing but these',
  exactly: 'these and nothing else, in any order',
  hasKey: 'it has this key',
  only: 'these and no others, each at least once',
  count: 'number of elements or lines, or of those that match `of`',
  json: 'values inside, by path such as items[0].name',
  xml: 'values inside, by path such as /config/server/@port',
  semver: 'a range such as ^1.18',
  version: "comparisons such as '>=1.18, <2'",
  changedSince: "'converge' or a time",
};

const PART_ELEMENT = { any: z.unknown(), string: z.string() };
const COUNT: ValueShape = {
  kind: 'number',
  list: false,
  text: false,
  plain: true,
  element: z.int().min(0),
};

const TEXT = { type: 'string', minLength: 1 };
/** Filled in before the check runs; the definition is the kitchen's. */
const TEMPLATE = { $ref: '#/definitions/template' };
const NUMERIC = {
  anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\s*-?\\d+(\\.\\d+)?\\s*$' }, TEMPLATE],
};

/**
 * What `parseMatcher` takes for a shape: a literal, a map of matchers, for some a list. Looser than it in details
 * (regular expressions are not compiled), never stricter. `define` gives the reference of another shape's definition.
 */
export function matcherJsonSchema(shape: ValueShape, define: (shape: ValueShape) => JsonSchema): JsonSchema {
  const self = define(shape);
  const element = define({ ...shape, list: false });
  const properties = Object.fromEntries(
    matcherKeys(shape).map((key) => {
      const { description: _, ...operand } = operandSchema(key, shape, self, element, define);
      return [key, { description: SHORT_DESCRIPTIONS[key] ?? key, ...operand }];
    }),
  );
  const map = { type: 'object', minProperties: 1, additionalProperties: false, properties };
  const list = { type: 'array', minItems: 1, items: element };
  const takesList = shape.list || shape.text || shape.kind === 'any';
  return { anyOf: [literal(shape), ...(takesList ? [list] : []), map] };
}

function literal({ kind, element }: ValueShape): JsonSchema {
  if (kind === 'number') return NUMERIC;
  if (kind === 'time') return { type: ['string', 'number'] };
  if (kind === 'boolean') return { anyOf: [{ type: 'boolean' }, TEMPLATE] };
  if (kind === 'any') return { type: ['string', 'number', 'boolean', 'null'] };
  if (element instanceof z.ZodEnum)
    return { anyOf: [{ enum: element.options }, { type: 'string', pattern: '^/.+/[a-z]*$' }, TEMPLATE] };
  return { type: ['string', 'number', 'boolean'] };
}

/** What is compared by size: numbers, but for versions and times. */
function ordered(shape: ValueShape): JsonSchema {
  return shape.kind === 'time' || shape.kind === 'version' ? literal(shape) : NUMERIC;
}

function operandSchema(
  key: string,
  shape: ValueShape,
  self: JsonSchema,
  element: JsonSchema,
  define: (shape: ValueShape) => JsonSchema,
): JsonSchema {
  const scalar = shape.kind === 'any' ? {} : literal(shape);
  switch (key) {
    case 'equal':
      return shape.list ? { anyOf: [scalar, { type: 'array', items: scalar }] } : scalar;
    case 'oneOf':
      return { type: 'array', minItems: 1, items: scalar };
    case 'not':
      return self;
    case 'all':
      return { type: 'array', minItems: 1, items: self };
    case 'any': {
      const several = { type: 'array', minItems: 1, items: self };
      return shape.list || shape.kind === 'any' ? { anyOf: [several, element] } : several;
    }
    case 'each':
    case 'none':
      return element;
    case 'superset':
    case 'subset':
      return { type: 'array', minItems: 1, items: element };
    case 'exactly':
      return { type: 'array', items: element };
    case 'only':
      return { type: 'array', minItems: 1, items: element };
    case 'json':
    case 'xml': {
      const kind = key === 'json' ? 'any' : 'string';
      const part = { kind, list: false, text: false, plain: false, element: PART_ELEMENT[kind] } as const;
      return { type: 'object', minProperties: 1, additionalProperties: define(part) };
    }
    case 'count': {
      const number = define(COUNT);
      const map = { type: 'object', properties: { of: element, is: number }, additionalProperties: false };
      return { anyOf: [number, map] };
    }
    case 'semver':
    case 'changedSince':
      return { type: ['string', 'number'] };
    case 'version':
      return { type: ['string', 'object'] };
    case 'present':
    case 'absent':
      return { type: 'boolean' };
    case 'contains': {
      const one = { type: ['string', 'number', 'boolean'] };
      return { anyOf: [one, { type: 'array', minItems: 1, items: one }] };
    }
    case 'startsWith':
    case 'endsWith':
      return { type: ['string', 'number', 'boolean'] };
    case 'matches':
      return { anyOf: [TEXT, { type: 'number' }] };
    case 'between':
      return { type: 'array', minItems: 2, maxItems: 2, items: ordered(shape) };
    case 'length':
      return define(COUNT);
    case 'hasKey':
      return { type: 'string' };
    default:
      return ordered(shape);
  }
}
