import type { CheckResult } from '../core/check.ts';
import { holds } from './holds.ts';
import { cannotLook, type JudgeOptions, judgeValue } from './judge-value.ts';
import type { Matcher } from './matcher.ts';
import { describeMatcher } from './matchers.ts';
import { nearestLine } from './nearest-line.ts';

export interface JudgeTextOptions extends JudgeOptions {
  /** Set when only the first part was kept: how much, e.g. `1 MiB`. */
  readonly keptOnly?: string | undefined;
}

/**
 * A long text against its matcher. A text of which only a part was kept can prove that something is in it, never
 * that something is not: that is an error.
 */
export function judgeText(
  property: string,
  text: string,
  wanted: Matcher,
  options: JudgeTextOptions = {},
): CheckResult {
  const isOk = holds(text, wanted);
  if (options.keptOnly !== undefined && !(isOk && isFoundInPart(wanted))) {
    const why = `it is larger than ${options.keptOnly} and only that much was kept`;
    return cannotLook(property, describeMatcher(wanted), why, options.source);
  }
  const near = isOk ? undefined : nearestLine(text, wanted);
  return judgeValue(property, text, wanted, {
    ...options,
    notes: [...(near === undefined ? [] : [near]), ...(options.notes ?? [])],
  });
}

function isFoundInPart(wanted: Matcher): boolean {
  switch (wanted.kind) {
    case 'contains':
    case 'startsWith':
    case 'matches':
    case 'present':
      return true;
    case 'all':
    case 'any':
      return wanted.of.every(isFoundInPart);
    case 'superset':
      return wanted.items.every(isFoundInPart);
    default:
      return false;
  }
}
