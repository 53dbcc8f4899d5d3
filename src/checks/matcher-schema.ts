import { z } from 'zod';
import type { Matcher } from './matcher.ts';
import { parseMatcher } from './parse-matcher.ts';
import type { ValueShape } from './value-shape.ts';

export interface MatcherOptions {
  /** A scalar literal `/re/` is then a plain text, e.g. for paths. Default: a pattern. */
  readonly plain?: boolean;
}

/**
 * Schema of a check attribute's value: a literal, a matcher map or, for list attributes, a list.
 * `value` describes one observed value: `z.number()`, `z.string()`, `z.boolean()`, `z.enum([…])`,
 * `z.array(z.string())`, or `z.unknown()` for JSON. Operands are checked against it at parse time.
 */
export function matcher(value: z.ZodType, options: MatcherOptions = {}): z.ZodType<Matcher> {
  return schemaOf({ ...shapeOf(value), plain: options.plain ?? false });
}

/** For long texts (a body, a file, an output): a list literal means "contains each of these", in any order. */
export function textMatcher(): z.ZodType<Matcher> {
  return schemaOf({ kind: 'string', list: false, text: true, plain: false, element: z.string() });
}

/** The shape behind a schema made here, for generated documentation; undefined for other schemas. */
export function matcherShapeOf(schema: z.ZodType): ValueShape | undefined {
  return SHAPES.get(schema);
}

/** A version: `matcher(version)` takes `semver`, and `gt`, `gte`, `lt`, `lte`, `between` with versions. */
export const version: z.ZodType<string> = z.string();

/** Seconds since the epoch: `matcher(timestamp)` takes `changedSince`, and numbers and ISO 8601 times elsewhere. */
export const timestamp: z.ZodType<number> = z.number();

const SHAPES = new WeakMap<z.ZodType, ValueShape>();

function schemaOf(shape: ValueShape): z.ZodType<Matcher> {
  const schema = z.unknown().transform((raw, context): Matcher => {
    const parsed = parseMatcher(raw, shape);
    if ('matcher' in parsed) return parsed.matcher;
    for (const problem of parsed.problems) {
      context.addIssue({
        code: 'custom',
        path: [...problem.path],
        message: problem.message,
        input: problem.input,
        ...(problem.known && { params: { known: problem.known, unknown: problem.path.at(-1) } }),
      });
    }
    return z.NEVER;
  });
  SHAPES.set(schema, shape);
  return schema;
}

function shapeOf(value: z.ZodType): Omit<ValueShape, 'plain'> {
  if (value instanceof z.ZodArray) {
    const element = value.element as z.ZodType;
    return { ...shapeOf(element), list: true };
  }
  const base = { list: false, text: false, element: value };
  if (value === version) return { ...base, kind: 'version' };
  if (value === timestamp) return { ...base, kind: 'time' };
  if (value instanceof z.ZodNumber) return { ...base, kind: 'number' };
  if (value instanceof z.ZodBoolean) return { ...base, kind: 'boolean' };
  if (value instanceof z.ZodUnknown || value instanceof z.ZodAny) return { ...base, kind: 'any' };
  return { ...base, kind: 'string' };
}
