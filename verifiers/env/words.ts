import { describeMatcher } from '../../src/checks/describe-matcher.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import { match } from '../../src/checks/matchers.ts';
import { isShownWords, shownVariable } from '../../src/checks/shown-variable.ts';
import { urlDifference } from '../../src/checks/url-parts.ts';

/** What is expected of a variable; what may be secret by its length. Pure. */
export function wantedWords(key: string, wanted: Matcher): string {
  const secret = describeMatcher(wanted, { secret: true });
  if (wanted.kind === 'equal' && typeof wanted.value === 'string')
    return shownVariable(key, wanted.value) ?? secret;
  const words = describeMatcher(wanted);
  return isShownWords(key, words) ? words : secret;
}

/** A value that is right. Pure. */
export function rightWords(key: string, value: string): string {
  return shownVariable(key, value) ?? `as expected (${value.length} chars)`;
}

/** What is wrong with a value: which parts of a URL, the value, or how long it is. Undefined when it is right. Pure. */
export function wrongWords(key: string, value: string | null, wanted: Matcher): string | undefined {
  const result = match(value, wanted, { secret: true });
  if (result.ok) return undefined;
  if (value === null) return 'not set';
  const expected = wanted.kind === 'equal' ? String(wanted.value) : undefined;
  const parts = expected === undefined ? undefined : urlDifference(value, expected);
  const shown = parts ?? shownVariable(key, value);
  if (shown !== undefined) return shown;
  return expected === undefined
    ? result.observed
    : `differs (${value.length} chars, expected ${expected.length})`;
}
