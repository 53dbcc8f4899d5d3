import { toLocation } from '../../config/source-file.ts';
import { type Entry, type MapNode, type Node, toPlain } from '../../config/tree.ts';
import type { Gap } from '../draft.ts';
import { type Shape, Unfit } from '../values.ts';
import { gossMatcher } from './matcher.ts';

/** Reads the attributes of one goss resource; what is not taken, or cannot be, becomes a gap. */
export class Resource {
  readonly type: string;
  readonly key: string;
  readonly line: number | undefined;
  /** What is worth saying above the check. */
  readonly notes: string[] = [];
  readonly gaps: Gap[] = [];
  readonly #file: string;
  readonly #map: MapNode;
  readonly #left: Set<string>;

  constructor(file: string, type: string, key: string, entry: Entry, map: MapNode) {
    this.type = type;
    this.key = key;
    this.line = toLocation(entry.keyPlace ?? entry.value.place)?.line;
    this.#file = file;
    this.#map = map;
    this.#left = new Set(map.entries.keys());
  }

  node(name: string): Node | undefined {
    this.#left.delete(name);
    return this.#map.entries.get(name)?.value;
  }

  /** The attribute in our words, under our name; nothing when it is not given or has no equal. */
  value(name: string, ours: string, shape: Shape): Record<string, unknown> {
    return this.made(name, (node) => {
      const made = gossMatcher(node, shape);
      if (made === undefined) this.notes.push(`${name}: [] asserted nothing in goss`);
      return made === undefined ? {} : { [ours]: made };
    });
  }

  /** `true`, `false`, or a matcher that comes to one of them. */
  flag(name: string): boolean | undefined {
    let found: boolean | undefined;
    this.made(name, (node) => {
      found = truthOf(node);
      return {};
    });
    return found;
  }

  text(name: string): string | undefined {
    const node = this.node(name);
    return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
  }

  /** Milliseconds, as a number or a duration of Go. */
  duration(name: string): string | undefined {
    const given = this.text(name);
    if (given === undefined) return undefined;
    if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(given)) return given;
    return /^\d+$/.test(given) ? `${given}ms` : this.gap(name, `'${given}' is no time that is known here`);
  }

  /** Runs `work` on the attribute; what is `Unfit` in it becomes a gap. */
  made(name: string, work: (node: Node) => Record<string, unknown>): Record<string, unknown> {
    const node = this.node(name);
    if (node === undefined) return {};
    try {
      return work(node);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      this.gap(name, error.message, node);
      return {};
    }
  }

  gap(name: string, why: string, node = this.#map.entries.get(name)?.value): undefined {
    this.#left.delete(name);
    const line = toLocation(node?.place)?.line ?? this.line;
    this.gaps.push({ file: this.#file, line, what: `${this.type} ${this.key}: ${name}`, why });
  }

  /** All attributes that nobody asked for. */
  refuseRest(reasons: Readonly<Record<string, string>>): void {
    for (const name of this.#left) {
      const node = this.#map.entries.get(name)?.value;
      const isVoid = node !== undefined && isEmpty(toPlain(node));
      if (isVoid) this.#left.delete(name);
      else
        this.gap(name, reasons[name] ?? `goss's ${this.type} has no attribute '${name}' that is known here`);
    }
  }
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || value === false || (Array.isArray(value) && value.length === 0);
}

function truthOf(node: Node): boolean {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  if (node.kind === 'map' && node.entries.size === 1) {
    const [[key, entry] = []] = [...node.entries];
    if (entry && (key === 'equal' || key === 'not')) return truthOf(entry.value) === (key === 'equal');
  }
  throw new Unfit('expected true or false');
}
