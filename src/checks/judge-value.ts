import type { CheckResult } from '../core/check.ts';
import type { Matcher } from './matcher.ts';
import { match } from './matchers.ts';

export interface JudgeOptions {
  readonly secret?: boolean;
  /** Where it was looked. */
  readonly source?: string | undefined;
  /** Added when the property fails. */
  readonly notes?: readonly string[];
}

/** One property: the observed value against its matcher, as a result that is `pass` or `fail`. */
export function judgeValue(
  property: string,
  actual: unknown,
  wanted: Matcher,
  options: JudgeOptions = {},
): CheckResult {
  const result = match(actual, wanted, options.secret ? { secret: true } : {});
  const transforms = (result.transforms ?? []).map((text) => `converted ${text}`);
  const notes = [...transforms, ...(result.ok ? [] : (options.notes ?? []))];
  return {
    property,
    outcome: result.ok ? 'pass' : 'fail',
    expected: result.expected,
    observed: result.observed,
    ...(options.source !== undefined && { source: options.source }),
    ...(notes.length > 0 && { notes }),
  };
}

/** A property that could not be looked at. Never a pass, whatever was expected. */
export function cannotLook(property: string, expected: string, why: string, source?: string): CheckResult {
  return {
    property,
    outcome: 'error',
    expected,
    observed: `could not look: ${why}`,
    ...(source !== undefined && { source }),
  };
}
