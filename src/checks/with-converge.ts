import type { Matcher } from './matcher.ts';

/**
 * The matcher with the start of the last converge, in seconds since the epoch by the instance's own clock, in place of
 * `changedSince: converge`. Pure.
 */
export function withConverge(matcher: Matcher, startedAt: number): Matcher {
  switch (matcher.kind) {
    case 'changedSince':
      return matcher.since === 'converge' ? { ...matcher, since: startedAt } : matcher;
    case 'not':
    case 'each':
    case 'none':
    case 'some':
      return { ...matcher, of: withConverge(matcher.of, startedAt) };
    case 'all':
    case 'any':
      return { ...matcher, of: matcher.of.map((one) => withConverge(one, startedAt)) };
    case 'superset':
    case 'subset':
    case 'exactly':
    case 'only':
      return { ...matcher, items: matcher.items.map((one) => withConverge(one, startedAt)) };
    default:
      return matcher;
  }
}

/** Whether the matcher cannot be judged before `withConverge`. */
export function needsConverge(matcher: Matcher): boolean {
  return JSON.stringify(withConverge(matcher, 0)) !== JSON.stringify(matcher);
}
