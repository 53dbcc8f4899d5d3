import type { Case } from '../model/cases.ts';

const ORDER: readonly Case['outcome'][] = ['error', 'fail', 'waived', 'skip', 'pass'];

/**
 * At most `most` cases over all lists. Those that need attention are kept first; of what is left out, each list keeps
 * one line that counts it, worded by its worst outcome so that nothing that failed turns green.
 */
export function capCases(lists: readonly (readonly Case[])[], most: number): readonly (readonly Case[])[] {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  if (total <= most) return lists;
  const room = Math.max(0, most - lists.length);
  const ranked = lists.flat().toSorted((a, b) => rank(a) - rank(b));
  const kept = new Set(ranked.slice(0, room));
  return lists.map((list) => {
    const left = list.filter((one) => !kept.has(one));
    const [only] = left;
    if (only === undefined) return list;
    return [...list.filter((one) => kept.has(one)), left.length === 1 ? only : merged(left)];
  });
}

function rank(one: Case): number {
  return one.flaky ? 2 : ORDER.indexOf(one.outcome);
}

function merged(left: readonly Case[]): Case {
  const worst = left.toSorted((a, b) => rank(a) - rank(b))[0];
  const outcome = worst?.outcome ?? 'pass';
  const message =
    outcome === 'pass' ? '' : `one of ${left.length} cases that did not fit: ${worst?.message ?? ''}`;
  return {
    instance: worst?.instance ?? '',
    group: 'more',
    name: `${left.length} further cases (at most so many fit into this report)`,
    outcome,
    kind: worst?.kind ?? 'more',
    message,
    text: message,
    durationMs: left.reduce((sum, one) => sum + one.durationMs, 0),
    attempts: 1,
    flaky: false,
  };
}
