import type { SourceLocation } from '../core/errors.ts';
import type { PathSegment } from '../core/kitchen.ts';
import { type Place, toLocation } from './source-file.ts';

/** Configuration data in which each value knows its place. Never changed once made, so parts are shared freely. */
export type Node = MapNode | SeqNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place | undefined;
}

export interface Entry {
  readonly keyPlace: Place | undefined;
  readonly value: Node;
}

export interface SeqNode {
  readonly kind: 'seq';
  readonly items: readonly Node[];
  readonly place: Place | undefined;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly place: Place | undefined;
  /** The value as written where the plain value says less: a Ruby symbol (`:debug`) or a float (`15.0`). */
  readonly written?: string;
}

export const EMPTY_MAP: MapNode = { kind: 'map', entries: new Map(), place: undefined };

export function scalar(value: ScalarNode['value'], place?: Place): ScalarNode {
  return { kind: 'scalar', value, place };
}

export function mapOf(key: string, entry: Entry, place?: Place): MapNode {
  return { kind: 'map', entries: new Map([[key, entry]]), place: place ?? entry.keyPlace };
}

export function withEntry(map: MapNode, key: string, entry: Entry): MapNode {
  const entries = new Map(map.entries);
  entries.set(key, entry);
  return { ...map, entries };
}

export function withoutKeys(map: MapNode, keys: readonly string[]): MapNode {
  if (!keys.some((key) => map.entries.has(key))) return map;
  const entries = new Map(map.entries);
  for (const key of keys) entries.delete(key);
  return { ...map, entries };
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

export function entryAt(node: Node | undefined, path: readonly PathSegment[]): Entry | undefined {
  let entry: Entry | undefined = node && { keyPlace: undefined, value: node };
  for (const segment of path) {
    const value: Node | undefined = entry?.value;
    if (value?.kind === 'map') entry = value.entries.get(String(segment));
    else if (value?.kind === 'seq' && typeof segment === 'number' && value.items[segment] !== undefined) {
      entry = { keyPlace: undefined, value: value.items[segment] };
    } else return undefined;
  }
  return entry;
}

export function nodeAt(node: Node | undefined, path: readonly PathSegment[]): Node | undefined {
  return entryAt(node, path)?.value;
}

/** Whether a mapping anywhere in the tree has this key. */
export function mentionsKey(node: Node, key: string): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'seq') return node.items.some((item) => mentionsKey(item, key));
  return node.entries.has(key) || [...node.entries.values()].some(({ value }) => mentionsKey(value, key));
}

/**
 * Location of the value at `path`: the value itself for scalars, its key for collections. Falls back to the nearest
 * parent that has a place.
 */
export function locateIn(node: Node, path: readonly PathSegment[]): SourceLocation | undefined {
  return locateBy(node, path, (entry) =>
    entry.value.kind === 'scalar'
      ? (entry.value.place ?? entry.keyPlace)
      : (entry.keyPlace ?? entry.value.place),
  );
}

/** Like `locateIn`, but points at the key. */
export function locateKeyIn(node: Node, path: readonly PathSegment[]): SourceLocation | undefined {
  return locateBy(node, path, (entry) => entry.keyPlace ?? entry.value.place);
}

function locateBy(
  node: Node,
  path: readonly PathSegment[],
  placeOf: (entry: Entry) => Place | undefined,
): SourceLocation | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const entry = entryAt(node, path.slice(0, length));
    const place = entry && placeOf(entry);
    if (place) return toLocation(place);
  }
  return undefined;
}

const plainOf = new WeakMap<Node, unknown>();

/** Plain, frozen data. The same node always gives the same object, so aliases stay shared. */
export function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  const known = plainOf.get(node);
  if (known !== undefined) return known;
  const made = node.kind === 'seq' ? node.items.map(toPlain) : plainObject(node);
  plainOf.set(node, Object.freeze(made));
  return made;
}

function plainObject(map: MapNode): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, entry] of map.entries) {
    const value = toPlain(entry.value);
    // A plain assignment of this key would change the object's prototype.
    if (key === '__proto__') Object.defineProperty(made, key, { value, enumerable: true });
    else made[key] = value;
  }
  return made;
}

/** Plain data as a tree whose values all point to one place. */
export function fromPlain(value: unknown, place: Place | undefined): Node {
  if (Array.isArray(value)) {
    return { kind: 'seq', items: value.map((item) => fromPlain(item, place)), place };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => [key, { keyPlace: place, value: fromPlain(item, place) }] as const,
    );
    return { kind: 'map', entries: new Map(entries), place };
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return scalar(value, place);
  }
  // Functions, symbols and the like of a JavaScript config say nothing here.
  return scalar(null, place);
}
