import type { ResourceResult } from './events.ts';

/** What took less interests nobody, ms. */
const FLOOR_MS = 1000;
/** What counts most of several actions on one resource comes first. */
const STATUSES = ['failed', 'updated', 'up-to-date', 'skipped', 'unprocessed'] as const;

/**
 * The resources that took longest, longest first. One that ran several times (notified, several actions, several
 * steps) is one of them, with the sum of its times, its actions in their order, and the status that matters most.
 */
export function slowestResources(all: readonly ResourceResult[], most: number): readonly ResourceResult[] {
  const groups = new Map<string, ResourceResult>();
  for (const one of all) {
    if (one.action === 'nothing') continue;
    const key = JSON.stringify([one.resource, one.cookbook, one.recipe]);
    const before = groups.get(key);
    groups.set(key, before === undefined ? one : joined(before, one));
  }
  return [...groups.values()]
    .filter((one) => one.durationMs >= FLOOR_MS)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, most);
}

function joined(a: ResourceResult, b: ResourceResult): ResourceResult {
  const status = STATUSES.find((one) => one === a.status || one === b.status) ?? a.status;
  const actions = a.action.split(', ');
  const action = actions.includes(b.action) ? a.action : [...actions, b.action].join(', ');
  return { ...a, action, status, durationMs: a.durationMs + b.durationMs };
}
