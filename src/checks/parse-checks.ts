import type { CheckDeclaration } from '../core/check.ts';
import { suggestion } from '../core/did-you-mean.ts';
import { GalleyError, type SourceLocation } from '../core/errors.ts';
import type { PathSegment } from '../core/kitchen.ts';
import type { Verifier } from '../core/verifier.ts';
import { zodIssuesToErrors } from '../core/zod-issues.ts';
import { knownKeysAt } from '../core/zod-schema.ts';
import { derivedId, givenId, uniqueIds } from './check-ids.ts';
import { COMMON_KEYS, commonSchema, timingOf } from './common-keys.ts';
import { redactText } from './redact.ts';

export interface ChecksPlace {
  /** Where the value at a path of the instance's config was written. */
  locate(path: readonly PathSegment[]): SourceLocation | undefined;
  /** Path of the list itself, e.g. `['verifier', 'checks']`. */
  readonly pathPrefix: readonly PathSegment[];
  /** Named in messages. */
  readonly instance?: string;
}

export type ParsedChecks =
  | { readonly declarations: readonly CheckDeclaration[] }
  | { readonly errors: readonly GalleyError[] };

/**
 * Reads `verifier.checks`. Pure. Each item is a map with one type key (`- port: 80`), the type's attributes and the
 * common keys. Everything wrong in the whole list is reported at once.
 */
export function parseChecks(
  raw: unknown,
  verifiers: ReadonlyMap<string, Verifier>,
  at: ChecksPlace,
): ParsedChecks {
  const who = at.instance === undefined ? '' : `${at.instance}: `;
  if (raw === undefined || raw === null || (Array.isArray(raw) && raw.length === 0)) {
    return {
      errors: [
        refuse(at, [], 'verify.no_checks', `${who}no checks: nothing would be verified`, {
          kind: 'config',
          hint: `list some under verifier: checks:, e.g. - port: 80`,
        }),
      ],
    };
  }
  if (!Array.isArray(raw)) {
    return {
      errors: [
        refuse(at, [], 'config.invalid_value', `${who}verifier.checks must be a list of checks`, {
          hint: "write '- ' before each check",
        }),
      ],
    };
  }
  const parsed = raw.map((item: unknown, index) => parseItem(item, index, verifiers, at));
  const errors = [...parsed.flatMap((one) => ('errors' in one ? one.errors : [])), ...duplicateIds(raw, at)];
  if (errors.length > 0) return { errors };
  const declarations = parsed.flatMap((one) => ('declaration' in one ? [one.declaration] : []));
  const ids = uniqueIds(declarations.map((one, index) => ({ given: givenId(raw[index]), derived: one.id })));
  return { declarations: declarations.map((one, index) => ({ ...one, id: ids[index] ?? one.id })) };
}

function duplicateIds(items: readonly unknown[], at: ChecksPlace): GalleyError[] {
  const ids = items.map(givenId);
  return ids.flatMap((id, index) => {
    if (id === undefined || ids.indexOf(id) === index) return [];
    return refuse(at, [index, 'id'], 'config.duplicate_check_id', `two checks have the id '${id}'`, {
      got: id,
      hint: 'give one of them another id',
    });
  });
}

type Item = Readonly<Record<string, unknown>>;

function parseItem(
  item: unknown,
  index: number,
  verifiers: ReadonlyMap<string, Verifier>,
  at: ChecksPlace,
): { readonly declaration: CheckDeclaration } | { readonly errors: readonly GalleyError[] } {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return {
      errors: [
        refuse(at, [index], 'config.invalid_value', `check ${index + 1} must be a map such as {port: 80}`, {
          got: JSON.stringify(item)?.slice(0, 80),
          hint: `start with one of ${[...verifiers.keys()].join(', ')}`,
        }),
      ],
    };
  }
  const map = item as Item;
  const type = typeOf(map, verifiers);
  if (typeof type !== 'string') return { errors: [noType(map, index, type, verifiers, at)] };
  const verifier = verifiers.get(type);
  if (!verifier) throw new Error(`verifier ${type} vanished`);
  const [common, own] = split(map, COMMON_KEYS);
  const subject = `${type} check`;
  const context = { pathPrefix: [...at.pathPrefix, index], locate: at.locate.bind(at), label: subject };
  const keys = commonSchema.safeParse(common);
  const spec = verifier.spec.safeParse(own);
  const errors = [
    ...(keys.success
      ? []
      : zodIssuesToErrors(keys.error.issues, { ...context, schema: commonSchema, value: common })),
    ...(spec.success
      ? []
      : zodIssuesToErrors(spec.error.issues, {
          ...context,
          schema: verifier.spec,
          alsoKnown: COMMON_KEYS,
          value: own,
        })),
  ];
  if (keys.success && keys.data.repeat && !verifier.repeatable) {
    const able = [...verifiers.values()].filter((one) => one.repeatable).map((one) => one.name);
    errors.push(
      refuse(
        at,
        [index, 'repeat'],
        'config.not_repeatable',
        `${subject}: 'repeat' is not possible for this type`,
        {
          hint: `use eventually: {stable: N}; repeat is for ${able.join(', ')}`,
        },
      ),
    );
  }
  if (errors.length > 0 || !keys.success || !spec.success) return { errors };
  const location = at.locate([...at.pathPrefix, index]);
  const title = redactText(verifier.title(spec.data));
  return {
    declaration: {
      id: keys.data.id ?? derivedId(type, title),
      type,
      title: keys.data.title ?? title,
      spec: spec.data,
      timing: timingOf(keys.data),
      repeat: keys.data.repeat,
      tags: keys.data.tags ?? [],
      skip: keys.data.skip,
      why: keys.data.why,
      location,
    },
  };
}

/** The item's type key, or the candidates when there is not exactly one. `env` is a type and an attribute of `command`. */
function typeOf(item: Item, verifiers: ReadonlyMap<string, Verifier>): string | readonly string[] {
  const candidates = Object.keys(item).filter((key) => verifiers.has(key));
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) return only;
  const owners = candidates.filter((type) => {
    const attributes = knownKeysAt(verifiers.get(type)?.spec ?? commonSchema, []);
    return candidates.every((key) => key === type || attributes.includes(key));
  });
  return owners[0] ?? candidates;
}

function noType(
  item: Item,
  index: number,
  candidates: readonly string[],
  verifiers: ReadonlyMap<string, Verifier>,
  at: ChecksPlace,
): GalleyError {
  const types = [...verifiers.keys()];
  if (candidates.length > 1) {
    return refuse(
      at,
      [index],
      'config.two_check_types',
      `check ${index + 1} has several types: ${candidates.join(', ')}`,
      {
        hint: 'make one list item of each',
      },
    );
  }
  const own = Object.keys(item).filter((key) => !COMMON_KEYS.includes(key));
  const first = own[0];
  if (first === undefined) {
    return refuse(at, [index], 'config.unknown_check_type', `check ${index + 1} names no type`, {
      hint: `add one of ${types.join(', ')}`,
    });
  }
  return refuse(at, [index, first], 'config.unknown_check_type', `unknown check type '${first}'`, {
    got: first,
    expected: `one of ${types.join(', ')}`,
    hint: suggestion(first, types),
  });
}

function split(item: Item, keys: readonly string[]): [Item, Item] {
  const entries = Object.entries(item);
  return [
    Object.fromEntries(entries.filter(([key]) => keys.includes(key))),
    Object.fromEntries(entries.filter(([key]) => !keys.includes(key))),
  ];
}

function refuse(
  at: ChecksPlace,
  path: readonly PathSegment[],
  code: string,
  message: string,
  facts: {
    readonly kind?: 'config' | 'verify';
    readonly got?: string | undefined;
    readonly expected?: string;
    readonly hint?: string | undefined;
  },
): GalleyError {
  const location = at.locate([...at.pathPrefix, ...path]);
  return new GalleyError({
    code,
    kind: facts.kind ?? 'config',
    message,
    ...(location && { location }),
    ...(facts.got !== undefined && { got: facts.got }),
    ...(facts.expected !== undefined && { expected: facts.expected }),
    ...(facts.hint !== undefined && { hint: facts.hint }),
  });
}
