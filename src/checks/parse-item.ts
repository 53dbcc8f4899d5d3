import type { CheckDeclaration } from '../core/check.ts';
import { suggestion } from '../core/did-you-mean.ts';
import type { GalleyError } from '../core/errors.ts';
import type { PathSegment } from '../core/kitchen.ts';
import type { Verifier } from '../core/verifier.ts';
import { zodIssuesToErrors } from '../core/zod-issues.ts';
import { knownKeysAt } from '../core/zod-schema.ts';
import { meantForNobody, notMeantFor } from './accept-keys.ts';
import { derivedId } from './check-ids.ts';
import type { ChecksPlace } from './checks-place.ts';
import { COMMON_KEYS, type CommonKeys, commonSchema, timingOf } from './common-keys.ts';
import { hideIn } from './hide.ts';
import { redactText } from './redact.ts';
import { refuse } from './refuse.ts';
import { testsElsewhere } from './tests-elsewhere.ts';

type Item = Readonly<Record<string, unknown>>;

/** One check item; everything wrong in it is found at once. Pure. */
export function parseItem(
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
  const odd = protoPath(map);
  if (odd)
    return {
      errors: [
        refuse(at, [index, ...odd], 'config.invalid_value', "'__proto__' is no name that can be asked for", {
          hint: 'remove it: what stands there would be lost',
        }),
      ],
    };
  const type = typeOf(map, verifiers);
  if (typeof type !== 'string') return { errors: [noType(map, index, type, verifiers, at)] };
  const verifier = verifiers.get(type);
  if (!verifier) throw new Error(`verifier ${type} vanished`);
  // http and command have a timeout of their own.
  const owned = knownKeysAt(verifier.spec, []);
  const [common, own] = split(
    map,
    COMMON_KEYS.filter((key) => !owned.includes(key)),
  );
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
  if (keys.success) errors.push(...strangers(keys.data, index, at));
  if (keys.success) errors.push(...repeatProblems(keys.data, spec.data, verifier, verifiers, index, at));
  if (errors.length > 0 || !keys.success || !spec.success) return { errors };
  return { declaration: declarationOf(keys.data, spec.data, verifier, index, at, owned.includes('timeout')) };
}

/** Misspelt, a check would be skipped everywhere. */
function strangers({ only }: CommonKeys, index: number, at: ChecksPlace): readonly GalleyError[] {
  if (only === undefined || at.siblings === undefined) return [];
  return meantForNobody(only, at.siblings).map(({ key, text, known }) =>
    refuse(at, [index, 'only', key], `config.unknown_${key}`, `only: the kitchen has no ${key} '${text}'`, {
      got: text,
      hint: suggestion(text.replace(/[/^$]/g, ''), known),
    }),
  );
}

/** Where a key is that JavaScript and our schemas take for something else. */
function protoPath(value: unknown, path: readonly PathSegment[] = []): readonly PathSegment[] | undefined {
  if (typeof value !== 'object' || value === null || path.length > 20) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const found = key === '__proto__' ? at : protoPath(inner, at);
    if (found) return found;
  }
  return undefined;
}

/** A look that takes longer than this is an error; what a type bounds itself or repeats is bounded there. */
const DEFAULT_TIMEOUT_MS = 120_000;

function declarationOf(
  keys: CommonKeys,
  spec: unknown,
  verifier: Verifier,
  index: number,
  at: ChecksPlace,
  isBounded: boolean,
): CheckDeclaration {
  const location = at.locate([...at.pathPrefix, index]);
  const shown = redactText(verifier.title(spec));
  const title = keys.redact === 'all' ? `${verifier.name} ${index + 1}` : hideIn(shown, keys.redact ?? []);
  const { only } = keys;
  const unbounded = isBounded || keys.repeat !== undefined;
  return {
    id: keys.id ?? derivedId(verifier.name, title),
    type: verifier.name,
    title: keys.title ?? title,
    spec,
    timing: keys.eventually ?? (keys.once ? timingOf(keys) : (at.timing ?? timingOf(keys))),
    repeat: keys.repeat,
    tags: keys.tags ?? [],
    skip: keys.skip ?? (only && notMeantFor(only, at)),
    why: keys.why,
    location,
    consistently: keys.consistently,
    condition: only?.if === undefined ? undefined : { command: only.if, why: only.why ?? '' },
    waiver: keys.waive,
    depends: keys.depends ?? [],
    severity: keys.severity,
    evidence: keys.evidence ?? [],
    redact: keys.redact,
    timeoutMs: keys.timeout ?? (unbounded ? undefined : DEFAULT_TIMEOUT_MS),
  };
}

function repeatProblems(
  keys: CommonKeys,
  spec: unknown,
  verifier: Verifier,
  verifiers: ReadonlyMap<string, Verifier>,
  index: number,
  at: ChecksPlace,
): GalleyError[] {
  const { repeat } = keys;
  if (!repeat) return [];
  const subject = `${verifier.name} check`;
  if (!verifier.repeatable) {
    const able = [...verifiers.values()].filter((one) => one.repeatable).map((one) => one.name);
    const message = `${subject}: 'repeat' is not possible for this type`;
    const hint = `use eventually: {stable: N} or consistently; repeat is for ${able.join(', ')}`;
    return [refuse(at, [index, 'repeat'], 'config.not_repeatable', message, { hint })];
  }
  if (spec === undefined) return [];
  const special = (['connection', 'token', 'workers'] as const).find((key) => repeat[key] !== undefined);
  if (special === undefined) return [];
  const problem = verifier.refuseRepeat
    ? verifier.refuseRepeat(spec, repeat)
    : { key: special, message: `'${special}' is not possible for this type`, hint: 'remove it' };
  if (!problem) return [];
  const message = `repeat.${problem.key} of ${subject}: ${problem.message}`;
  return [
    refuse(at, [index, 'repeat', problem.key], 'config.not_repeatable', message, { hint: problem.hint }),
  ];
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
    hint: testsElsewhere(first) ?? suggestion(first, types),
  });
}

function split(item: Item, keys: readonly string[]): [Item, Item] {
  const entries = Object.entries(item);
  return [
    Object.fromEntries(entries.filter(([key]) => keys.includes(key))),
    Object.fromEntries(entries.filter(([key]) => !keys.includes(key))),
  ];
}
