import { describeMatcher } from './describe-matcher.ts';
import { describeObserved } from './describe-observed.ts';
import { truthOf } from './holds.ts';
import type { Matcher, MatchOptions, MatchResult } from './matcher.ts';

export { describeMatcher } from './describe-matcher.ts';
export type { Matcher, MatchOptions, MatchResult, Operand } from './matcher.ts';

/**
 * Compares an observed value with what was wanted and says so in words. Pure; never throws. What counts as holding
 * is in `holds.ts`; `observed` carries what is missing or too much, and for secrets only lengths and equality.
 */
export function match(actual: unknown, matcher: Matcher, options: MatchOptions = {}): MatchResult {
  const transforms = new Set<string>();
  const truth = truthOf(actual, matcher, (text) => transforms.add(options.secret ? 'to number' : text));
  const ok = truth === true;
  const observed = describeObserved(actual, matcher, ok, options);
  return {
    ok,
    relation: matcher.kind,
    expected: describeMatcher(matcher, options),
    observed: truth === undefined ? `${observed}; it cannot be compared so` : observed,
    ...(transforms.size > 0 && { transforms: [...transforms] }),
  };
}
