import type { CheckDeclaration, CheckOutcome } from '../core/check.ts';
import { suggestion } from '../core/did-you-mean.ts';
import type { GalleyError } from '../core/errors.ts';
import type { ChecksPlace } from './checks-place.ts';
import { refuse } from './refuse.ts';

/** Config errors of `depends`: ids that no check has, and circles. `all` are the checks of one list. Pure. */
export function badDependencies(
  all: readonly CheckDeclaration[],
  at: Pick<ChecksPlace, 'locate' | 'pathPrefix'>,
): GalleyError[] {
  const ids = all.map((one) => one.id);
  const unknown = all.flatMap((one, index) =>
    (one.depends ?? [])
      .filter((id) => !ids.includes(id))
      .map((id) =>
        refuse(at, [index, 'depends'], 'config.unknown_check_id', `no check has the id '${id}'`, {
          got: id,
          hint: suggestion(id, ids) ?? 'galley verify --list shows the ids',
        }),
      ),
  );
  if (unknown.length > 0) return unknown;
  const circle = circleIn(all);
  if (!circle) return [];
  const index = ids.indexOf(circle[0] ?? '');
  const path = [...circle, circle[0]].join(' → ');
  return [
    refuse(
      at,
      [index, 'depends'],
      'config.check_circle',
      `checks depend on each other in a circle: ${path}`,
      {
        hint: 'remove one of these depends',
      },
    ),
  ];
}

function circleIn(all: readonly CheckDeclaration[]): readonly string[] | undefined {
  const byId = new Map(all.map((one) => [one.id, one]));
  const done = new Set<string>();
  const visit = (id: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(id)) return above.slice(above.indexOf(id));
    if (done.has(id)) return undefined;
    for (const next of byId.get(id)?.depends ?? []) {
      const found = visit(next, [...above, id]);
      if (found) return found;
    }
    done.add(id);
    return undefined;
  };
  for (const { id } of all) {
    const found = visit(id, []);
    if (found) return found;
  }
  return undefined;
}

/** The checks in an order in which each comes after those it depends on, otherwise as they are declared. Pure. */
export function inOrder(all: readonly CheckDeclaration[]): readonly CheckDeclaration[] {
  const byId = new Map(all.map((one) => [one.id, one]));
  const ordered = new Set<CheckDeclaration>();
  const place = (one: CheckDeclaration): void => {
    if (ordered.has(one)) return;
    for (const id of one.depends ?? []) {
      const before = byId.get(id);
      if (before) place(before);
    }
    ordered.add(one);
  };
  for (const one of all) place(one);
  return [...ordered];
}

/** Those checks and all that they depend on, in the order of `all`. */
export function withDependencies(
  chosen: readonly CheckDeclaration[],
  all: readonly CheckDeclaration[],
): readonly CheckDeclaration[] {
  const byId = new Map(all.map((one) => [one.id, one]));
  const wanted = new Set<CheckDeclaration>();
  const add = (one: CheckDeclaration | undefined): void => {
    if (!one || wanted.has(one)) return;
    wanted.add(one);
    for (const id of one.depends ?? []) add(byId.get(id));
  };
  for (const one of chosen) add(one);
  return all.filter((one) => wanted.has(one));
}

const BECAME: { readonly [outcome in Exclude<CheckOutcome, 'pass'>]: string } = {
  fail: 'failed',
  error: 'could not look',
  skip: 'was skipped',
  waived: 'failed and is waived',
};

/** Why a check is not looked at, from what became of those it depends on; undefined when all passed. */
export function unmetDependency(
  depends: readonly string[],
  outcomeOf: (id: string) => CheckOutcome | undefined,
): string | undefined {
  for (const id of depends) {
    const outcome = outcomeOf(id);
    if (outcome !== 'pass')
      return `depends on ${id} which ${outcome ? BECAME[outcome] : 'was not looked at'}`;
  }
  return undefined;
}
