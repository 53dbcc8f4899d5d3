import type { z } from 'zod';
import type { GalleyError } from '../core/errors.ts';
import type { InstanceConfig, PathSegment, Section } from '../core/kitchen.ts';
import { zodIssuesToErrors } from '../core/zod-issues.ts';
import { knownKeysAt } from '../core/zod-schema.ts';
import { locateKeyOf } from './instance-tree.ts';
import { KITCHEN_WIDE } from './levels.ts';

export type Parsed<C> =
  | {
      readonly value: C;
      /** In compat mode the unknown keys; the value was read without them. */
      readonly unknown?: readonly GalleyError[];
      /** Keys of `ParseOptions.foreign` that were given; the value was read without them. */
      readonly foreign?: readonly string[];
    }
  | { readonly errors: readonly GalleyError[] };

export interface ParseOptions {
  /** Path of a part of the section to parse instead of all of it, e.g. `['checks', 3]`. */
  readonly path?: readonly PathSegment[];
  /** The value to parse when it is not simply the one at `path` (a check item without its common keys). */
  readonly value?: unknown;
  /** Keys that mean something elsewhere (to another driver, say): nothing is read from them, and they are no mistake. */
  readonly foreign?: ReadonlySet<string>;
}

/**
 * Parses a plugin's merged settings with its own schema. Errors carry the place in the user's file. Settings that
 * Test Kitchen gives every plugin (`kitchen_root`, …) are dropped unless the schema knows them. In compat mode unknown
 * keys, which Test Kitchen ignores, are left out.
 */
export function parseSettings<C>(
  instance: InstanceConfig,
  section: Section,
  schema: z.ZodType<C>,
  options: ParseOptions = {},
): Parsed<C> {
  const path = options.path ?? [];
  const value = 'value' in options ? options.value : valueAt(instance[section].settings, path);
  const input = path.length === 0 ? withoutEmpty(withoutKitchenWide(value, schema)) : value;
  const explain = (issues: Parameters<typeof zodIssuesToErrors>[0]) =>
    zodIssuesToErrors(issues, {
      locate: (at) => instance.locate(at),
      locateKey: (at) => locateKeyOf(instance, at),
      pathPrefix: [section, ...path],
      schema,
      value: input,
    });
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const issues = result.error.issues;
  const unknown = unknownKeys(issues);
  const foreign = unknown.filter((key) => options.foreign?.has(key));
  const strangers = instance.compat ? unknown : foreign;
  if (strangers.length === 0) return { errors: explain(issues) };
  const again = schema.safeParse(without(input, strangers));
  if (!again.success) return { errors: explain(again.error.issues) };
  const told = schema.safeParse(without(input, foreign)).error?.issues ?? [];
  return {
    value: again.data,
    unknown: explain(told).filter(({ code }) => code === 'config.unknown_key'),
    foreign,
  };
}

/** Keys at the top of the value that no schema knows; what is wrong further down stays wrong. */
function unknownKeys(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
}

function without(value: unknown, keys: readonly string[]): unknown {
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
}

function withoutKitchenWide(value: unknown, schema: z.ZodType): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const known = new Set(knownKeysAt(schema, []));
  const drop = KITCHEN_WIDE.filter((key) => Object.hasOwn(value, key) && !known.has(key));
  if (drop.length === 0) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !drop.some((dropped) => dropped === key)),
  );
}

/** An empty setting (`http_proxy:`, or ERB that gave nothing) is none, as all of Test Kitchen's defaults are. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const given = Object.entries(value).filter(([, item]) => item !== null);
  return given.length === Object.keys(value).length ? value : Object.fromEntries(given);
}

function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  let current = value;
  for (const segment of path)
    current = (current as Record<PathSegment, unknown> | undefined | null)?.[segment];
  return current;
}
