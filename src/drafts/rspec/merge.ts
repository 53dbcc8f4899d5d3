import { isDeepStrictEqual } from 'node:util';
import { both } from '../values.ts';
import type { Kind, Part } from './kind.ts';

/** Attributes that, when false, leave nothing else to look at. */
const GATES = new Set(['exists', 'installed', 'mounted', 'running', 'listening', 'reachable', 'resolves']);

/** Parts that stand in one item: path → value. */
type Parts = Map<string, Part>;

/**
 * Check items of what is expected of one thing, as few as can be. An attribute that is asked for twice must meet both;
 * what must not be there stands alone. Throws `Unfit` where the kind has the last word.
 */
export function itemsOf(
  kind: Kind,
  selector: Readonly<Record<string, unknown>>,
  expectations: readonly (readonly Part[])[],
): readonly Record<string, unknown>[] {
  const groups: Parts[] = [];
  for (const parts of expectations) {
    const last = groups.at(-1);
    const merged = last && joined(last, parts);
    if (merged) groups[groups.length - 1] = merged;
    else groups.push(new Map(parts.map((part) => [keyOf(part), part])));
  }
  return groups.map((parts) => {
    const paths = new Set([...parts.values()].map(({ path }) => path[0] ?? ''));
    const item = nested(selector, [...parts.values(), ...(kind.rest?.(paths) ?? [])]);
    return kind.finish ? kind.finish(item) : item;
  });
}

function joined(parts: Parts, more: readonly Part[]): Parts | undefined {
  const all = new Map(parts);
  for (const part of more) {
    const known = all.get(keyOf(part));
    if (known === undefined) all.set(keyOf(part), part);
    else if (!isDeepStrictEqual(known.value, part.value)) {
      const isPlain = [known.value, part.value].some((one) => typeof one === 'boolean') || isSelector(part);
      if (isPlain) return undefined;
      all.set(keyOf(part), { path: part.path, value: both(known.value, part.value) });
    }
  }
  return all.size > 1 && [...all.values()].some(isGate) ? undefined : all;
}

function isGate({ path, value }: Part): boolean {
  return path.length === 1 && GATES.has(path[0] ?? '') && value === false;
}

/** Another job of the same crontab is another check. */
function isSelector({ path }: Part): boolean {
  return path[0] === 'cron' || path[0] === 'schedule';
}

function keyOf({ path }: Part): string {
  return path.join('\0');
}

function nested(
  selector: Readonly<Record<string, unknown>>,
  parts: readonly Part[],
): Record<string, unknown> {
  const item: Record<string, unknown> = structuredClone({ ...selector });
  for (const { path, value } of parts) {
    let place = item;
    for (const key of path.slice(0, -1)) place = (place[key] ??= {}) as Record<string, unknown>;
    place[path.at(-1) ?? ''] = value;
  }
  return item;
}
