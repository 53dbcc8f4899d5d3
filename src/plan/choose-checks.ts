import { withDependencies } from '../checks/depends.ts';
import type { CheckDeclaration } from '../core/check.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError } from '../core/errors.ts';
import { isOfRun, type KnownTest } from '../core/test-suite.ts';
import type { ResolvedInstance } from './resolve.ts';
import { matchesOf } from './select.ts';

/** Tests of existing suites, by the keys of the state file. */
export type TestsByKey = Readonly<Record<string, Omit<KnownTest, 'id'>>>;

/** Which checks are meant; all parts must hold, several values of one part are alternatives. */
export interface CheckFilter {
  /** Ids (exact, which wins) or unanchored regular expressions. */
  readonly check?: readonly string[] | undefined;
  readonly checkTag?: readonly string[] | undefined;
  /** Instance → keys (see `checkKey`) of the checks that did not pass last time. Instances that are not in it keep all. */
  readonly failed?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Instance → tests of its existing suite that are known, by key. */
  readonly tests?: ReadonlyMap<string, TestsByKey> | undefined;
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
  const known = (part: ResolvedInstance, step?: string): readonly KnownTest[] =>
    testsOfStep(filter.tests?.get(part.instance.name), step);
  const all = instances.flatMap(partsOf).flatMap((part) => part.resolved.checks);
  const parts = instances.flatMap(partsOf).filter(({ resolved }) => resolved.suite !== undefined);
  const names = [...all, ...parts.flatMap(({ resolved, name }) => known(resolved, name))].map(({ id }) => id);
  const unseen = parts.find(({ resolved, name }) => known(resolved, name).length === 0);
  const later =
    unseen &&
    `the tests of ${unseen.resolved.suite?.plugin.name} are known after a galley verify without --check`;
  const chosen = {
    ids: new Set(check.flatMap((value) => idsOf(value, names, later))),
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
    const suiteOf = (part: ResolvedInstance, step?: string): ResolvedInstance['suite'] => {
      const { suite } = part;
      const isWhole = check.length === 0 && checkTag.length === 0 && (before?.some(isOfRun) ?? true);
      if (suite === undefined || isWhole) return suite;
      const only = known(part, step).filter(
        ({ id }) => isChosen({ id, tags: [] }, chosen) && (before?.includes(checkKey(id, step)) ?? true),
      );
      return only.length === 0 ? undefined : { ...suite, only };
    };
    const part = (resolved: ResolvedInstance, step?: string): ResolvedInstance => ({
      ...resolved,
      checks: narrow(resolved.checks, step),
      suite: suiteOf(resolved, step),
    });
    const steps = one.steps.map(({ name, resolved }) => ({ name, resolved: part(resolved, name) }));
    const last = steps.at(-1)?.resolved ?? part(one);
    const left = { ...one, steps, checks: last.checks, suite: last.suite };
    return partsOf(left).every(({ resolved }) => resolved.checks.length === 0 && !resolved.suite)
      ? []
      : [left];
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

function isChosen({ id, tags }: Pick<CheckDeclaration, 'id' | 'tags'>, chosen: Chosen): boolean {
  if (chosen.ids.size > 0 && !chosen.ids.has(id)) return false;
  return chosen.tags.size === 0 || tags.some((tag) => chosen.tags.has(tag));
}

/** Those of one step, with the ids that `--check` takes. */
export function testsOfStep(tests: TestsByKey | undefined, step?: string): readonly KnownTest[] {
  const prefix = step === undefined ? '' : `${step}/`;
  return Object.entries(tests ?? {}).flatMap(([key, test]) =>
    key.startsWith(prefix) ? [{ ...test, id: key.slice(prefix.length) }] : [],
  );
}

/** `later`: why a name may not be known yet. */
function idsOf(value: string, all: readonly string[], later: string | undefined): string[] {
  const known = [...new Set(all)];
  const meant = matchesOf(known, value, (id) => id);
  if (meant.length > 0) return [...meant];
  throw nothingHas('check', `no check has an id like '${value}'`, value, known, later);
}

function assertTag(tag: string, all: readonly CheckDeclaration[]): void {
  const known = [...new Set(all.flatMap((one) => one.tags))];
  if (!known.includes(tag)) throw nothingHas('check_tag', `no check has the tag '${tag}'`, tag, known);
}

const MOST_SHOWN = 12;

function nothingHas(
  what: string,
  message: string,
  got: string,
  known: readonly string[],
  later?: string,
): GalleyError {
  const guess = didYouMean(got, known);
  const more = known.length > MOST_SHOWN ? `, … (${known.length} in all)` : '';
  return new GalleyError({
    code: `usage.no_such_${what}`,
    kind: 'usage',
    message,
    got,
    expected: known.length === 0 ? 'there is none' : `one of ${known.slice(0, MOST_SHOWN).join(', ')}${more}`,
    hint: guess === undefined ? (later ?? 'galley verify --list shows all') : `did you mean '${guess}'?`,
  });
}
