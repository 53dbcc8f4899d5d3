import { suggestion } from '../core/did-you-mean.ts';
import type { Findings } from './findings.ts';
import { asSection } from './levels.ts';
import { MARKS, readMarks, reportSettings, textsOf, withAppended, withoutPaths } from './list-marks.ts';
import { concatenated, merge } from './merge.ts';
import { type Entry, locateIn, type MapNode, type Node, nodeAt, withEntry, withoutKeys } from './tree.ts';

const LISTS = { platforms: 'platform', suites: 'suite' } as const;

/**
 * A kitchen file over those read before it. As in Test Kitchen lists are replaced, unless the file says
 * `merge: by_name`: then its platforms and suites are merged into those of the same name, new ones are put at the end,
 * `remove: true` takes one away (its name is added to `removed`, as are those of lists that are replaced), `replace: true` takes it as it is here, and cells are
 * put after earlier cells.
 */
export function mergeFiles(
  earlier: MapNode,
  later: MapNode,
  removed: Set<string>,
  findings: Findings,
): MapNode {
  const mode = later.entries.get('merge')?.value;
  if (mode?.kind !== 'scalar' || mode.value !== 'by_name') {
    for (const key of Object.keys(LISTS)) {
      if (later.entries.has(key)) for (const name of namesIn(earlier, key)) removed.add(name);
    }
    return merge(earlier, later, findings);
  }
  let own = withoutKeys(later, ['merge']);
  for (const [key, kind] of Object.entries(LISTS)) {
    const entry = own.entries.get(key);
    if (entry?.value.kind !== 'seq') continue;
    const value = mergeRows(earlier.entries.get(key)?.value, entry.value.items, kind, removed, findings);
    own = withEntry(own, key, { ...entry, value: { ...entry.value, items: value } });
  }
  const cells = own.entries.get('cells');
  if (cells) {
    const value = concatenated([earlier.entries.get('cells')?.value, cells.value]);
    own = withEntry(own, 'cells', { ...cells, value });
  }
  return merge(earlier, own, findings);
}

function namesIn(file: MapNode, key: string): readonly string[] {
  const list = file.entries.get(key)?.value;
  return list?.kind === 'seq' ? list.items.flatMap((row) => nameOf(row) ?? []) : [];
}

function mergeRows(
  earlier: Node | undefined,
  later: readonly Node[],
  kind: 'platform' | 'suite',
  removed: Set<string>,
  findings: Findings,
): readonly Node[] {
  const rows: Node[] = earlier?.kind === 'seq' ? [...earlier.items] : [];
  const known = rows.map(nameOf).filter((name) => name !== undefined);
  const seen = new Set<string>();
  for (const row of later) {
    const name = nameOf(row);
    // The schema says what is wrong with it.
    if (row.kind !== 'map' || name === undefined) {
      rows.push(row);
      continue;
    }
    checkMarks(row, name, findings);
    if (seen.has(name)) reportTwice(row, name, kind, findings);
    seen.add(name);
    const at = rows.findIndex((one) => nameOf(one) === name);
    const before = rows[at];
    const isRemoved = isTrue(row, 'remove');
    const isReplaced = isTrue(row, 'replace');
    if (before?.kind !== 'map') {
      if (isRemoved || isReplaced) reportUnknown(row, name, kind, known, isRemoved, findings);
      else rows.push(unmarked(row, kind, findings));
    } else if (isRemoved) {
      reportSettings(row, `"${name}"`, ['name'], findings);
      rows.splice(at, 1);
      removed.add(name);
    } else if (isReplaced) rows[at] = withoutKeys(row, MARKS);
    else rows[at] = mergeRow(before, row, kind, findings);
  }
  return rows;
}

/** By hand: the marks are gone before the schema looks at the merged file. */
function checkMarks(row: MapNode, name: string, findings: Findings): void {
  for (const mark of MARKS) {
    const given = row.entries.get(mark)?.value;
    if (given === undefined) continue;
    const isTexts = textsOf(given).length === (given.kind === 'seq' ? given.items.length : 1);
    if ((mark !== 'append' && isTrue(row, mark)) || (mark !== 'remove' && isTexts)) continue;
    const location = locateIn(row, [mark]);
    findings.error({
      code: 'config.invalid_value',
      message: `${mark} of "${name}" must be ${MARK_VALUES[mark]}`,
      ...(location && { location }),
    });
  }
}

const MARK_VALUES = {
  replace: 'true, or the keys that do not merge',
  append: 'the keys of its lists',
  remove: 'true',
} as const;

function mergeRow(before: MapNode, row: MapNode, kind: string, findings: Findings): MapNode {
  const { replace, append } = readMarks(row, `this ${kind}`, findings);
  const own = spelledOut(withoutKeys(row, MARKS));
  const left = withoutPaths(spelledOut(before), replace);
  return { ...merge(left, withAppended(left, own, append), findings), place: row.place };
}

/** A new row has nothing to replace or to append to, but misspelt keys are still told. */
function unmarked(row: MapNode, kind: string, findings: Findings): MapNode {
  readMarks(row, `this ${kind}`, findings);
  return withoutKeys(row, MARKS);
}

/** A plugin's name in place of a section would replace the whole mapping. */
function spelledOut(row: MapNode): MapNode {
  return ['driver', 'provisioner', 'verifier', 'transport'].reduce((made, key) => {
    const entry: Entry | undefined = made.entries.get(key);
    if (entry?.value.kind !== 'scalar' || typeof entry.value.value !== 'string') return made;
    return withEntry(made, key, { ...entry, value: asSection(entry) });
  }, row);
}

function nameOf(row: Node): string | undefined {
  const name = nodeAt(row, ['name']);
  return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
}

function isTrue(row: MapNode, key: string): boolean {
  const mark = row.entries.get(key)?.value;
  return mark?.kind === 'scalar' && mark.value === true;
}

function reportUnknown(
  row: MapNode,
  name: string,
  kind: string,
  known: readonly string[],
  isRemoved: boolean,
  findings: Findings,
): void {
  const location = locateIn(row, ['name']);
  const hint = suggestion(name, known);
  findings.error({
    code: `config.unknown_${kind}`,
    message: `there is no ${kind} "${name}" to ${isRemoved ? 'remove' : 'replace'}`,
    ...(location && { location }),
    ...(hint !== undefined && { hint }),
  });
}

function reportTwice(row: MapNode, name: string, kind: string, findings: Findings): void {
  const location = locateIn(row, ['name']);
  findings.error({
    code: 'config.duplicate_instance',
    message: `this file names the ${kind} "${name}" twice`,
    ...(location && { location }),
    hint: 'put the settings of both into one',
  });
}
