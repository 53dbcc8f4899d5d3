import { attributeKeys } from '../src/checks/docs.ts';
import type { Verifier } from '../src/core/verifier.ts';
import type { CheckRow } from './check-table.ts';

/** An attribute of a check type, and whether rows of real instances use it in a check that passes and in one that fails. */
export interface AttributeCoverage {
  readonly type: string;
  readonly key: string;
  readonly passes: boolean;
  readonly fails: boolean;
}

/** Pure. A row counts for all attributes that its check has. */
export function attributeCoverage(
  verifiers: ReadonlyMap<string, Verifier>,
  rows: readonly CheckRow[],
): readonly AttributeCoverage[] {
  return [...verifiers.values()].flatMap(({ name: type, spec }) => {
    const own = rows.filter(([item]) => Object.hasOwn(item, type));
    const isIn = (key: string, wanted: CheckRow[1]): boolean =>
      own.some(([item, outcome]) => outcome === wanted && has(item, key.split('.')));
    return attributeKeys(spec).map((key) => ({
      type,
      key,
      passes: isIn(key, 'pass'),
      fails: isIn(key, 'fail'),
    }));
  });
}

function has(item: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (typeof item !== 'object' || item === null || !Object.hasOwn(item, key)) return false;
  return has((item as Record<string, unknown>)[key], rest);
}
