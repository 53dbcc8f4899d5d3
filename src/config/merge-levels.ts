import type { Findings } from './findings.ts';
import { KITCHEN_WIDE_OF, type Level } from './levels.ts';
import { concatenated, merge } from './merge.ts';
import { toLocation } from './source-file.ts';
import { EMPTY_MAP, type Entry, isNull, type MapNode, type Node, scalar, withEntry } from './tree.ts';

/**
 * One instance's settings from its levels: common < platform < suite (lib/kitchen/data_munger.rb) < our cells. Run
 * lists and lifecycle hooks are concatenated in that order, all other lists are replaced.
 */
export function mergeLevels(
  levels: readonly Level[],
  kitchenWide: MapNode | undefined,
  findings: Findings,
): MapNode {
  const merged = (key: 'driver' | 'provisioner' | 'verifier' | 'transport' | 'services') =>
    levels.map((level) => level[key]).reduce((earlier, later) => merge(earlier, later, findings));
  const sections: readonly (readonly [string, MapNode | Node])[] = [
    ['driver', withKitchenWide(merged('driver'), 'driver', kitchenWide)],
    ['provisioner', withKitchenWide(provisioner(levels, findings), 'provisioner', kitchenWide)],
    ['verifier', withKitchenWide(merged('verifier'), 'verifier', kitchenWide)],
    ['transport', withKitchenWide(merged('transport'), 'transport', kitchenWide)],
    ['lifecycle', lifecycle(levels)],
    ['services', merged('services')],
    ['tags', tags(levels)],
  ];
  return {
    kind: 'map',
    place: undefined,
    entries: new Map(sections.map(([key, value]) => [key, { keyPlace: value.place, value }])),
  };
}

function provisioner(all: readonly Level[], findings: Findings): MapNode {
  const levels = all.map((level) => level.provisioner);
  const merged = levels.reduce((earlier, later) => merge(earlier, later, findings));
  const [everywhere, ...own] = levels.map((level) => level.entries.get('run_list'));
  const given = own.filter((entry) => entry !== undefined);
  if (given.length === 0) {
    // Test Kitchen stops with a TypeError here; the only sensible meaning is that all instances run it.
    if (!everywhere) return merged;
    return withEntry(merged, 'run_list', { ...everywhere, value: concatenated([everywhere.value]) });
  }
  if (everywhere && !isNull(everywhere.value)) {
    findings.warn(
      'the run_list of the common provisioner is not used where a platform or a suite has its own',
      toLocation(everywhere.keyPlace),
    );
  }
  const last = given.at(-1) as Entry;
  return withEntry(merged, 'run_list', { ...last, value: concatenated(given.map((entry) => entry.value)) });
}

function lifecycle(all: readonly Level[]): MapNode {
  const levels = all.map((level) => level.lifecycle);
  if (levels.every(({ entries }) => entries.size === 0)) return EMPTY_MAP;
  const names = new Set(levels.flatMap(({ entries }) => [...entries.keys()]));
  const entries = new Map<string, Entry>();
  for (const name of names) {
    const given = levels.map((level) => level.entries.get(name)).filter((entry) => entry !== undefined);
    const value = concatenated(given.map((entry) => entry.value));
    entries.set(name, { keyPlace: given.at(-1)?.keyPlace, value });
  }
  return { kind: 'map', entries, place: levels.findLast((level) => level.place !== undefined)?.place };
}

function tags(levels: readonly Level[]): Node {
  const all = concatenated(levels.map((level) => level.tags));
  if (all.kind !== 'seq') return all;
  const seen = new Set<string>();
  const items = all.items.filter((item) => {
    const text = item.kind === 'scalar' ? String(item.value) : '';
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
  return {
    ...all,
    items: items.map((item) => (item.kind === 'scalar' ? scalar(String(item.value), item.place) : item)),
  };
}

/** `kitchen:` overwrites its keys in the sections that Test Kitchen sets them in. */
function withKitchenWide(
  section: MapNode,
  name: keyof typeof KITCHEN_WIDE_OF,
  kitchenWide: MapNode | undefined,
): MapNode {
  if (!kitchenWide) return section;
  let result = section;
  for (const key of KITCHEN_WIDE_OF[name]) {
    const entry = kitchenWide.entries.get(key);
    if (entry) result = withEntry(result, key, entry);
  }
  return result;
}
