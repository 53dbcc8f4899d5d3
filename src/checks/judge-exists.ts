import type { CheckResult } from '../core/check.ts';
import type { Known } from '../core/system-facts.ts';
import { cannotLook, type JudgeOptions, judgeValue } from './judge-value.ts';
import { describeMatcher, type Matcher } from './matchers.ts';

/** Whether a thing is there could not be found out: an error, whichever was wanted. */
export function existenceUnsure(wanted: boolean | undefined, why: string, source: string): CheckResult {
  return cannotLook('exists', wanted === false ? 'does not exist' : 'exists', why, source);
}

/** Whether a thing is there at all; it gates the other attributes. `notes` are shown when it should be and is not. */
export function judgeExists(seen: {
  readonly wanted: boolean | undefined;
  readonly found: boolean;
  /** What was found, in words. */
  readonly observed: string;
  readonly source: string;
  readonly notes?: readonly string[];
  /** Default: `exists`, `exists` and `does not exist`. */
  readonly words?: readonly [property: string, there: string, notThere: string];
}): CheckResult {
  const [property, there, notThere] = seen.words ?? ['exists', 'exists', 'does not exist'];
  const wanted = seen.wanted ?? true;
  const isOk = seen.found === wanted;
  return {
    property,
    outcome: isOk ? 'pass' : 'fail',
    expected: wanted ? there : notThere,
    observed: seen.found ? seen.observed : notThere,
    source: seen.source,
    ...(!isOk && wanted && seen.notes && seen.notes.length > 0 && { notes: seen.notes }),
  };
}

/** An attribute whose value may not be known, which is an error whatever was expected. */
export function judgeKnown(
  property: string,
  known: Known<unknown> | undefined,
  wanted: Matcher,
  options: JudgeOptions = {},
): CheckResult {
  if (known !== undefined && 'value' in known) return judgeValue(property, known.value, wanted, options);
  return cannotLook(property, describeMatcher(wanted), known?.error ?? 'it was not read', options.source);
}

/** The arguments of `.refine`: what must not be there has no other attributes. */
export function absentAlone<S extends object>(
  key: keyof S & string,
  attributes: object,
  what: string,
): [(spec: S) => boolean, { message: string; path: string[] }] {
  const isAlone = (spec: S): boolean =>
    spec[key] !== false || Object.keys(attributes).every((name) => !(name in spec));
  return [isAlone, { message: `${what} that must not be there has no other attributes`, path: [key] }];
}
