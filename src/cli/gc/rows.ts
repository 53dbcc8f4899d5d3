import type { Leftover } from '../../core/driver.ts';
import { printable, table } from '../../reporters/format/text.ts';
import { IN_USE } from './place.ts';

/** What `gc` says of something that was left; as JSON too. */
export interface GcRow {
  readonly where: string | null;
  readonly kind: string;
  readonly name: string;
  readonly project: string | null;
  readonly instance: string | null;
  readonly expires: string | null;
  readonly removed: boolean;
  readonly in_use: boolean;
}

/** `failure`: why it could not be removed, `IN_USE` or an error; `where`: empty for the caller's own engine. */
export function rowOf(where: string, one: Leftover, failure: unknown, isDry: boolean): GcRow {
  return {
    where: where || null,
    kind: one.kind,
    name: one.name,
    project: one.labels['galley.project'] ?? null,
    instance: one.labels['galley.instance'] ?? null,
    expires: one.labels['galley.expires'] ?? null,
    removed: !isDry && failure === undefined,
    in_use: failure === IN_USE,
  };
}

/** What a place goes on having. */
export interface Kept {
  /** As a place has it: empty for the caller's own engine. */
  readonly where: string;
  readonly count: number;
}

/** With each place that was looked at, where there are several: also one that has nothing says that it was asked. */
function keptWords(kept: readonly Kept[]): string {
  const [first, ...others] = kept;
  if (others.length === 0)
    return first === undefined || first.count === 0 ? '' : `${first.count} not yet expired`;
  const each = kept.map(
    ({ where, count }) => `${count} ${where === '' ? 'on the Docker engine' : `in ${where}`}`,
  );
  return `${each.join(', ')} not yet expired`;
}

/** What `gc` prints. `kept`: what is not past its time; `sawAll`: it could be looked everywhere. */
export function gcLines(
  rows: readonly GcRow[],
  {
    kept,
    sawAll,
    dryRun,
  }: { readonly kept: readonly Kept[]; readonly sawAll: boolean; readonly dryRun: boolean },
): readonly string[] {
  const verb = (row: GcRow): string =>
    dryRun ? 'would remove' : row.removed ? 'removed' : row.in_use ? 'in use' : 'not removed';
  const cells = rows.map((row) =>
    [
      verb(row),
      row.kind,
      row.name,
      row.project ?? '',
      `expires ${row.expires ?? 'never'}`,
      ...(row.where === null ? [] : [row.where]),
      // Anybody who may write tags writes here: no line of its own, nothing for the terminal.
    ].map(printable),
  );
  const rest = keptWords(kept);
  const nothing = sawAll ? 'nothing to remove' : 'nothing to remove where it was possible to look';
  const [verdict, separator] = rows.length === 0 ? [nothing, ': '] : [`${rows.length} in all`, '; '];
  return [...table(cells), rest === '' ? verdict : `${verdict}${separator}${rest}`];
}
