import type { Findings } from './findings.ts';
import { toLocation } from './source-file.ts';
import { type Entry, isNull, type MapNode, type Node } from './tree.ts';

/**
 * Test Kitchen's `rmerge`: mappings merge key by key, anything else (lists too) is replaced by the later value.
 *
 * Where the earlier value is a mapping and the later one is not, Test Kitchen stops with a TypeError. Here an empty
 * later value changes nothing, any other replaces the mapping, and `findings` says so.
 */
export function merge(earlier: MapNode, later: MapNode, findings?: Findings): MapNode {
  if (later.entries.size === 0) return earlier.place ? earlier : { ...earlier, place: later.place };
  if (earlier.entries.size === 0) return later;
  const entries = new Map(earlier.entries);
  for (const [key, entry] of later.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? entry : mergeEntry(key, before, entry, findings));
  }
  return { kind: 'map', entries, place: later.place ?? earlier.place };
}

function mergeEntry(key: string, earlier: Entry, later: Entry, findings: Findings | undefined): Entry {
  if (earlier.value.kind !== 'map') return later;
  if (later.value.kind === 'map') {
    return { keyPlace: later.keyPlace, value: merge(earlier.value, later.value, findings) };
  }
  const place = toLocation(later.keyPlace ?? later.value.place);
  const before = describePlace(earlier);
  if (isNull(later.value)) {
    findings?.warn(`"${key}" is empty here and keeps what ${before} gives it`, place);
    return earlier;
  }
  findings?.warn(`"${key}" replaces the whole mapping that ${before} gives it`, place);
  return later;
}

function describePlace(entry: Entry): string {
  const place = toLocation(entry.keyPlace ?? entry.value.place);
  if (place === undefined) return 'an earlier level';
  return place.line === undefined ? place.file : `${place.file}:${place.line}`;
}

/** A list, flattened and without empty items, like Ruby's `[a, b].flatten.compact`. */
export function concatenated(nodes: readonly (Node | undefined)[]): Node {
  const items = nodes.flatMap((node) => flatten(node));
  const place = nodes.findLast((node) => node?.place !== undefined)?.place;
  return { kind: 'seq', items, place };
}

function flatten(node: Node | undefined): readonly Node[] {
  if (node === undefined || isNull(node)) return [];
  return node.kind === 'seq' ? node.items.flatMap(flatten) : [node];
}
