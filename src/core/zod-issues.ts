import { z } from 'zod';
import { suggestion } from './did-you-mean.ts';
import { GalleyError, type SourceLocation } from './errors.ts';
import type { PathSegment } from './kitchen.ts';

export interface IssueContext {
  /** The schema that was used: tells the known keys for "did you mean". */
  readonly schema: z.ZodType;
  /** Path of the parsed value in the config, e.g. `['verifier', 'checks', 3]`. */
  readonly prefix: readonly PathSegment[];
  locate(path: readonly PathSegment[]): SourceLocation | undefined;
  /** Further keys that are allowed at the top of the value, e.g. those common to all checks. */
  readonly alsoKnown?: readonly string[];
  /** What the value is called in messages, e.g. `http check`. Default: its path. */
  readonly subject?: string;
}

type Issue = z.core.$ZodIssue;

/** Turns what zod found wrong in the user's settings into config errors with place, expectation and next step. */
export function zodIssuesToErrors(issues: readonly Issue[], context: IssueContext): GalleyError[] {
  return issues.flatMap((issue) => toErrors(issue, [], context));
}

function toErrors(issue: Issue, base: readonly PathSegment[], context: IssueContext): GalleyError[] {
  const path = [...base, ...segments(issue.path)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(context.schema, path);
    return issue.keys.map((key) => unknownKey(key, [...path, key], known, context));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearestBranch(issue.errors).flatMap((inner) => toErrors(inner, path, context));
  }
  if (issue.code === 'custom' && Array.isArray(issue.params?.['known'])) {
    return [unknownKey(String(path.at(-1)), path, issue.params['known'] as string[], context, issue.message)];
  }
  return [
    error('config.invalid_value', path, context, {
      message: `${name(path, context)}: ${sentence(issue)}`,
      ...(issue.input !== undefined && { got: shown(issue.input, path) }),
      hint:
        issue.code === 'invalid_value'
          ? suggestion(String(issue.input), issue.values.map(String))
          : undefined,
    }),
  ];
}

function unknownKey(
  key: string,
  path: readonly PathSegment[],
  known: readonly string[],
  context: IssueContext,
  message?: string,
): GalleyError {
  const all = path.length === 1 ? [...known, ...(context.alsoKnown ?? [])] : known;
  return error('config.unknown_key', path, context, {
    message: `${name(path.slice(0, -1), context)}: ${message ?? `unknown key '${key}'`}`,
    got: key,
    hint: suggestion(key, all),
  });
}

function error(
  code: string,
  path: readonly PathSegment[],
  context: IssueContext,
  facts: { readonly message: string; readonly got?: string; readonly hint: string | undefined },
): GalleyError {
  const location = context.locate([...context.prefix, ...path]);
  return new GalleyError({
    code,
    kind: 'config',
    message: facts.message,
    ...(location && { location }),
    ...(facts.got !== undefined && { got: facts.got }),
    ...(facts.hint !== undefined && { hint: facts.hint }),
  });
}

/**
 * The alternative of a union that the user most likely meant: the one whose problems lie deepest, then one of the right
 * type.
 */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const score = (branch: readonly Issue[]): number => {
    const depth = Math.max(0, ...branch.map((issue) => issue.path.length));
    const isOtherType = branch.some(
      ({ path, code }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
    );
    return 2 * depth + (isOtherType ? 0 : 1);
  };
  const [first, ...rest] = branches;
  return rest.reduce((best, one) => (score(one) > score(best) ? one : best), first ?? []);
}

function sentence(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  return issue.message.replace(/^Invalid (input|option): /, '');
}

function name(path: readonly PathSegment[], context: IssueContext): string {
  const inside = pathText(path);
  if (context.subject === undefined) return pathText([...context.prefix, ...path]) || 'settings';
  return inside === '' ? context.subject : `${context.subject}: ${inside}`;
}

/** `a.b[0].c` */
export function pathText(path: readonly PathSegment[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

function shown(input: unknown, path: readonly PathSegment[]): string {
  if (path.some((part) => /pass|secret|token|key|credential/i.test(String(part)))) return '(not shown)';
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  return text === undefined ? typeof input : text.slice(0, 120);
}

function segments(path: readonly PropertyKey[]): PathSegment[] {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/** The keys a (possibly wrapped) schema knows at a path; empty when it is no object there. */
export function knownKeys(schema: z.ZodType, path: readonly PathSegment[]): readonly string[] {
  const [first, ...rest] = path;
  const bare = unwrap(schema);
  if (bare instanceof z.ZodUnion) {
    return [...new Set(bare.options.flatMap((option) => [...knownKeys(option as z.ZodType, path)]))];
  }
  if (bare instanceof z.ZodIntersection) {
    return [...knownKeys(bare.def.left as z.ZodType, path), ...knownKeys(bare.def.right as z.ZodType, path)];
  }
  if (bare instanceof z.ZodObject) {
    if (first === undefined) return Object.keys(bare.shape);
    const inner = (bare.shape as Record<string, z.ZodType>)[String(first)];
    return inner ? knownKeys(inner, rest) : [];
  }
  if (first === undefined) return [];
  if (bare instanceof z.ZodArray) return knownKeys(bare.element as z.ZodType, rest);
  if (bare instanceof z.ZodRecord) return knownKeys(bare.valueType as z.ZodType, rest);
  return [];
}

/** Without optional, nullable, default, transform and the like: the schema of what the user writes. */
export function unwrap(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.def.innerType as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) {
    const from = schema.def.in as z.ZodType;
    return unwrap(from instanceof z.ZodTransform ? (schema.def.out as z.ZodType) : from);
  }
  return schema;
}
