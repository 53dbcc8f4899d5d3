import { suggestion } from '../core/did-you-mean.ts';
import type { PathSegment } from '../core/kitchen.ts';
import type { Findings } from './findings.ts';
import { concatenated } from './merge.ts';
import { toLocation } from './source-file.ts';
import { EMPTY_MAP, entryAt, isNull, type MapNode, type Node, withEntry, withoutKeys } from './tree.ts';

/** What a row of an overlay or a cell says of keys of its own: which do not merge with what came before. */
export interface Marks {
  /** Nothing that came before counts for these. */
  readonly replace: readonly Path[];
  /** These lists are put after what came before. */
  readonly append: readonly Path[];
}

export type Path = readonly string[];

export const MARKS = ['replace', 'append', 'remove'] as const;

/** `replace` and `append` of a mapping, dotted keys as paths. A key that the mapping does not give is a finding. */
export function readMarks(node: MapNode, what: string, findings: Findings): Marks {
  const keysOf = (mark: 'replace' | 'append') => textsOf(node.entries.get(mark)?.value);
  const paths = (mark: 'replace' | 'append') =>
    keysOf(mark).flatMap((one) => {
      const path = one.text.split('.');
      const target = entryAt(node, path);
      if (target && (mark === 'replace' || target.value.kind === 'seq')) return [path];
      const location = toLocation(one.node.place);
      const hint = target ? undefined : suggestion(one.text, keysIn(node));
      findings.error({
        code: 'config.invalid_value',
        message: target
          ? `${mark}: "${one.text}" is no list in ${what}`
          : `${mark}: ${what} has no "${one.text}"`,
        ...(location && { location }),
        ...(hint !== undefined && { hint }),
      });
      return [];
    });
  return { replace: paths('replace'), append: paths('append') };
}

/** Texts of a list, or the one text that stands for a list. */
export function textsOf(node: Node | undefined): readonly { readonly text: string; readonly node: Node }[] {
  const items = node?.kind === 'seq' ? node.items : node ? [node] : [];
  return items.flatMap((one) =>
    one.kind === 'scalar' && typeof one.value === 'string' ? [{ text: one.value, node: one }] : [],
  );
}

/** The same without what is at these paths. */
export function withoutPaths(node: MapNode, paths: readonly Path[]): MapNode {
  return paths.reduce(withoutPath, node);
}

function withoutPath(node: MapNode, [key, ...rest]: Path): MapNode {
  if (key === undefined) return node;
  const entry = node.entries.get(key);
  if (entry === undefined) return node;
  if (rest.length === 0) return withoutKeys(node, [key]);
  if (entry.value.kind !== 'map') return node;
  return withEntry(node, key, { ...entry, value: withoutPath(entry.value, rest) });
}

/** `own` with its lists at these paths put after those of `earlier`. */
export function withAppended(earlier: MapNode, own: MapNode, paths: readonly Path[]): MapNode {
  return paths.reduce((made, path) => {
    const before = entryAt(earlier, path)?.value;
    const entry = entryAt(made, path);
    if (before === undefined || isNull(before) || entry === undefined) return made;
    return withValueAt(made, path, concatenated([before, entry.value]));
  }, own);
}

function withValueAt(node: MapNode, [key, ...rest]: Path, value: Node): MapNode {
  if (key === undefined) return node;
  const entry = node.entries.get(key) ?? { keyPlace: value.place, value: EMPTY_MAP };
  if (rest.length === 0) return withEntry(node, key, { ...entry, value });
  const inner = entry.value.kind === 'map' ? entry.value : EMPTY_MAP;
  return withEntry(node, key, { ...entry, value: withValueAt(inner, rest, value) });
}

/** Dotted keys, two deep: what somebody may have meant. */
function keysIn(node: MapNode): readonly string[] {
  const own: readonly PathSegment[] = [...MARKS, 'name', 'suite', 'platform'];
  return [...node.entries]
    .filter(([key]) => !own.includes(key))
    .flatMap(([key, { value }]) => [
      key,
      ...(value.kind === 'map' ? [...value.entries.keys()].map((inner) => `${key}.${inner}`) : []),
    ]);
}

/** Settings of what is removed are a misunderstanding. `names`: the keys that say what is meant. */
export function reportSettings(
  node: MapNode,
  what: string,
  names: readonly string[],
  findings: Findings,
): void {
  const [key, entry] = [...node.entries].find(([one]) => one !== 'remove' && !names.includes(one)) ?? [];
  if (entry === undefined) return;
  const location = toLocation(entry.keyPlace ?? entry.value.place);
  findings.error({
    code: 'config.invalid_value',
    message: `${what} is removed, so "${key}" has no effect`,
    ...(location && { location }),
    hint: 'leave out one of the two',
  });
}
