import { withDependencies } from '../checks/depends.ts';
import type { CheckDeclaration } from '../core/check.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError } from '../core/errors.ts';
import type { ResolvedInstance } from './resolve.ts';
import { matchesOf } from './select.ts';

/** Which checks are meant; all parts must hold, several values of one part are alternatives. */
export interface CheckFilter {
  /** Ids (exact, which wins) or unanchored regular expressions. */
  readonly check?: readonly string[] | undefined;
  readonly checkTag?: readonly string[] | undefined;
  /** Instance → keys (see `checkKey`) of the checks that did not pass last time. Instances that are not in it keep all. */
  readonly failed?: ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * The instances with the chosen checks, and what those depend on, in the order of the list; instances without any are
 * left out. A value that no check of any instance has is a usage error. Pure.
 */
export function chooseChecks(
  instances: readonly ResolvedInstance[],
  filter: CheckFilter,
): readonly ResolvedInstance[] {
  const { check = [], checkTag = [] } = filter;
  if (check.length === 0 && checkTag.length === 0 && !filter.failed) return instances;
  const all = instances.flatMap(partsOf).flatMap((part) => part.resolved.checks);
  const chosen = {
    ids: new Set(check.flatMap((value) => idsOf(value, all))),
    tags: new Set(checkTag),
  };
  for (const tag of checkTag) assertTag(tag, all);
  return instances.flatMap((one) => {
    const before = filter.failed?.get(one.instance.name);
    const narrow = (checks: readonly CheckDeclaration[], step?: string): readonly CheckDeclaration[] =>
      withDependencies(
        checks.filter(
          (each) => isChosen(each, chosen) && (before?.includes(checkKey(each.id, step)) ?? true),
        ),
        checks,
      );
    const steps = one.steps.map(({ name, resolved }) => ({
      name,
      resolved: { ...resolved, checks: narrow(resolved.checks, name) },
    }));
    const last = steps.at(-1);
    const left = { ...one, steps, checks: last ? last.resolved.checks : narrow(one.checks) };
    return partsOf(left).every((part) => part.resolved.checks.length === 0) ? [] : [left];
  });
}

/** The instance itself, or each of its steps. */
export function partsOf(
  one: ResolvedInstance,
): readonly { readonly resolved: ResolvedInstance; readonly name?: string }[] {
  return one.steps.length > 0 ? one.steps : [{ resolved: one }];
}

/** How the state file names a check: ids are unique within a step only. */
export function checkKey(id: string, step: string | undefined): string {
  return step === undefined ? id : `${step}/${id}`;
}

interface Chosen {
  /** Empty sets choose everything. */
  readonly ids: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
}

function isChosen({ id, tags }: CheckDeclaration, chosen: Chosen): boolean {
  if (chosen.ids.size > 0 && !chosen.ids.has(id)) return false;
  return chosen.tags.size === 0 || tags.some((tag) => chosen.tags.has(tag));
}

function idsOf(value: string, all: readonly CheckDeclaration[]): string[] {
  const known = [...new Set(all.map((one) => one.id))];
  const meant = matchesOf(known, value, (id) => id);
  if (meant.length > 0) return [...meant];
  throw nothingHas('check', `no check has an id like '${value}'`, value, known);
}

function assertTag(tag: string, all: readonly CheckDeclaration[]): void {
  const known = [...new Set(all.flatMap((one) => one.tags))];
  if (!known.includes(tag)) throw nothingHas('check_tag', `no check has the tag '${tag}'`, tag, known);
}

const MOST_SHOWN = 12;

function nothingHas(what: string, message: string, got: string, known: readonly string[]): GalleyError {
  const guess = didYouMean(got, known);
  const more = known.length > MOST_SHOWN ? `, … (${known.length} in all)` : '';
  return new GalleyError({
    code: `usage.no_such_${what}`,
    kind: 'usage',
    message,
    got,
    expected: known.length === 0 ? 'there is none' : `one of ${known.slice(0, MOST_SHOWN).join(', ')}${more}`,
    hint: guess === undefined ? 'galley verify --list shows all' : `did you mean '${guess}'?`,
  });
}
