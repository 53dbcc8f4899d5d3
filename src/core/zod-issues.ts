import type { z } from 'zod';
import { suggestion } from './did-you-mean.ts';
import { GalleyError, type SourceLocation } from './errors.ts';
import type { PathSegment } from './kitchen.ts';
import { SECRET_KEY } from './secret-key.ts';
import { branchesAt, knownKeysAt } from './zod-schema.ts';
import { describe, expectation, hasOwnWords, isWish, quote } from './zod-words.ts';

export interface IssueContext {
  /** Where the value at a path is; the path starts with `pathPrefix`. */
  readonly locate: (path: readonly PathSegment[]) => SourceLocation | undefined;
  /** Points at the key instead of the value; `locate` serves when it is missing. */
  readonly locateKey?: (path: readonly PathSegment[]) => SourceLocation | undefined;
  /** Path of the parsed value in the kitchen, e.g. `['verifier', 'checks', 3]`. */
  readonly pathPrefix?: readonly PathSegment[];
  /** How messages name that value; derived from `pathPrefix` when missing. */
  readonly label?: string;
  /** The schema that found the issues: gives the known keys for did-you-mean. */
  readonly schema?: z.ZodType;
  /** Further keys that are allowed at the top of the value, e.g. those common to all checks. */
  readonly alsoKnown?: readonly string[];
  /** The value that was parsed: gives what was there instead. */
  readonly value?: unknown;
}

type Issue = z.core.$ZodIssue;

/**
 * Turns the issues of a zod schema into errors that a user of kitchen.yml understands: `config.unknown_key`,
 * `config.missing_key`, `config.wrong_type`, `config.invalid_value`, each with its place.
 */
export function zodIssuesToErrors(issues: readonly Issue[], context: IssueContext): readonly GalleyError[] {
  return issues.flatMap((issue) => explain(issue, [], context));
}

function explain(issue: Issue, outer: readonly PathSegment[], context: IssueContext): readonly GalleyError[] {
  const path = [...outer, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, context));
    case 'invalid_union':
      return explainUnion(issue, path, context);
    case 'invalid_key':
      return issue.issues.map((inner) => wrongKey(inner, path, context));
    case 'invalid_element':
      return issue.issues.flatMap((inner) => explain(inner, path, context));
    case 'custom':
      return [explainCustom(issue, path, context)];
    default: {
      // Only options that are not supported want nothing; they say what to write instead.
      if (issue.code === 'invalid_type' && issue.expected === 'undefined')
        return [refused(issue, path, context)];
      const got = valueAt(context.value, path);
      if (got === undefined && 'value' in context) return [missingKey(path, expectation(issue), context)];
      const code = issue.code === 'invalid_type' ? 'config.wrong_type' : 'config.invalid_value';
      return [mismatch(code, path, expectation(issue), context, issue)];
    }
  }
}

/** A schema of ours that reads keys itself puts those it knows into `params.known`. */
function explainCustom(
  issue: Extract<Issue, { code: 'custom' }>,
  path: readonly PathSegment[],
  context: IssueContext,
): GalleyError {
  const known: unknown = issue.params?.['known'];
  if (!Array.isArray(known)) return mismatch('config.invalid_value', path, issue.message, context, issue);
  return unknownKey(String(path.at(-1)), path.slice(0, -1), context, known.map(String));
}

/** Reports what the branch that fits best wanted, or all wanted types when none fits at all. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly PathSegment[],
  context: IssueContext,
): readonly GalleyError[] {
  const branches = issue.errors;
  if (branches.length === 0) {
    const expected = discriminatorValues(issue, path, context);
    return [mismatch('config.invalid_value', path, expected, context, issue)];
  }
  const inside = branches.filter((found) => !found.some(isAboutWholeValue));
  const strangers = unknownToAll(inside);
  if (inside.length > 1 && strangers.length > 0)
    return strangers.map((key) => unknownKey(key, path, context));
  const best = inside.toSorted((a, b) => score(a) - score(b))[0];
  if (best !== undefined) return best.flatMap((inner) => explain(inner, path, context));
  if (valueAt(context.value, path) === undefined && 'value' in context) {
    return [missingKey(path, wantedBy(branches), context)];
  }
  const [rightKind, ...others] = branches.filter((found) => !found.some(isOtherKind));
  if (rightKind !== undefined && others.length === 0) {
    return rightKind.flatMap((inner) => explain(inner, path, context));
  }
  const kinds = branches.every((found) => found.every(({ code }) => code === 'invalid_type'));
  const code = kinds ? 'config.wrong_type' : 'config.invalid_value';
  return [mismatch(code, path, wantedBy(branches), context, issue)];
}

/** Keys that no branch knows: whatever branch was meant, they are the mistake. */
function unknownToAll(branches: readonly (readonly Issue[])[]): readonly string[] {
  const [first = [], ...others] = branches.map((found) =>
    found.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
    ),
  );
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

function isAboutWholeValue(issue: Issue): boolean {
  if (issue.path.length > 0 || issue.code === 'unrecognized_keys') return false;
  return issue.code !== 'invalid_union' || issue.errors.every((found) => found.some(isAboutWholeValue));
}

/** Not even the kind of value that the branch is about: a number for a text, another word of a choice. */
function isOtherKind(issue: Issue): boolean {
  return ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code);
}

/** Fewer complaints fit better; an unknown or a missing key speaks more against a branch than a wrong value. */
function score(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 2 * issue.keys.length;
    return sum + (issue.code === 'invalid_type' && issue.input === undefined ? 1.5 : 1);
  }, 0);
}

function wantedBy(branches: readonly (readonly Issue[])[]): string {
  const all = branches.flatMap((found) =>
    found.flatMap((issue) =>
      issue.code === 'invalid_union'
        ? issue.errors.flatMap((inner) => inner.map(expectation))
        : [expectation(issue)],
    ),
  );
  const wanted = [...new Set(all)].filter((one) => one !== 'nothing');
  if (wanted.length <= 1) return wanted[0] ?? 'nothing';
  return `${wanted.slice(0, -1).join(', ')} or ${wanted.at(-1)}`;
}

function discriminatorValues(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly PathSegment[],
  context: IssueContext,
): string {
  const key = 'discriminator' in issue ? String(issue.discriminator) : path.at(-1);
  const parent = 'discriminator' in issue && path.at(-1) === key ? path.slice(0, -1) : path;
  const schemas = context.schema ? branchesAt(context.schema, [...parent, String(key)]) : [];
  const values = schemas.flatMap(({ def }) =>
    'values' in def && Array.isArray(def.values) ? def.values : [],
  );
  return values.length === 0 ? 'one of the known kinds' : `one of ${values.map(quote).join(', ')}`;
}

function unknownKey(
  key: string,
  path: readonly PathSegment[],
  context: IssueContext,
  given?: readonly string[],
): GalleyError {
  const whole = fullPath(path, context);
  const known = given ?? (context.schema ? knownKeysAt(context.schema, path) : []);
  const all = path.length === 0 ? [...known, ...(context.alsoKnown ?? [])] : known;
  const hint = suggestion(key, all);
  const locate = context.locateKey ?? context.locate;
  return make('config.unknown_key', `unknown key "${key}" in ${labelOf(path, context)}`, {
    location: locate([...whole, key]),
    ...(hint !== undefined && { hint }),
  });
}

function wrongKey(issue: Issue, path: readonly PathSegment[], context: IssueContext): GalleyError {
  const locate = context.locateKey ?? context.locate;
  const problem = hasOwnWords(issue) ? issue.message : `must be ${expectation(issue)}`;
  return make('config.invalid_value', `${labelOf(path.slice(0, -1), context)}: "${path.at(-1)}" ${problem}`, {
    location: locate(fullPath(path, context)),
  });
}

function missingKey(path: readonly PathSegment[], expected: string, context: IssueContext): GalleyError {
  const key = path.at(-1);
  if (key === undefined) return mismatch('config.missing_key', path, expected, context);
  return make('config.missing_key', `"${key}" is missing in ${labelOf(path.slice(0, -1), context)}`, {
    location: context.locate(fullPath(path.slice(0, -1), context)),
    expected,
  });
}

function refused(issue: Issue, path: readonly PathSegment[], context: IssueContext): GalleyError {
  const locate = context.locateKey ?? context.locate;
  const [, message = issue.message, hint] = /^(.*?): (.*)$/s.exec(issue.message) ?? [];
  return make('config.unsupported_option', `${labelOf(path, context)} ${message}`, {
    location: locate(fullPath(path, context)),
    ...(hint !== undefined && { hint }),
  });
}

function mismatch(
  code: string,
  path: readonly PathSegment[],
  expected: string,
  context: IssueContext,
  issue?: Issue,
): GalleyError {
  const isSecret = path.some((part) => SECRET_KEY.test(String(part)));
  const got = isSecret ? 'another value' : describe(valueAt(context.value, path));
  const label = labelOf(path, context);
  const isInOwnWords = issue !== undefined && hasOwnWords(issue) && !isWish(issue);
  const message = isInOwnWords ? `${label}: ${issue.message}` : `${label} must be ${expected}`;
  const allowed = issue?.code === 'invalid_value' ? issue.values.map(String) : [];
  const value = valueAt(context.value, path);
  const hint = allowed.length > 1 && typeof value === 'string' ? suggestion(value, allowed) : undefined;
  return make(code, message, {
    location: context.locate(fullPath(path, context)),
    ...(!isInOwnWords && { expected }),
    ...('value' in context && { got }),
    ...(hint?.startsWith('did') && { hint }),
  });
}

function make(
  code: string,
  message: string,
  facts: { location?: SourceLocation | undefined; expected?: string; got?: string; hint?: string },
): GalleyError {
  const { location, ...rest } = facts;
  return new GalleyError({ code, kind: 'config', message, ...(location && { location }), ...rest });
}

function fullPath(path: readonly PathSegment[], context: IssueContext): readonly PathSegment[] {
  return [...(context.pathPrefix ?? []), ...path];
}

/** `provisioner.attributes`, `verifier.checks[3].port`, or the label for the whole value. */
function labelOf(path: readonly PathSegment[], context: IssueContext): string {
  const prefix = context.label ?? joinPath(context.pathPrefix ?? []);
  const rest = joinPath(path);
  if (prefix === '') return rest === '' ? 'the kitchen file' : rest;
  if (rest === '') return prefix;
  return context.label === undefined
    ? `${prefix}${rest.startsWith('[') ? '' : '.'}${rest}`
    : `${rest} of ${prefix}`;
}

function joinPath(path: readonly PathSegment[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  let current = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<PathSegment, unknown>)[segment];
  }
  return current;
}
