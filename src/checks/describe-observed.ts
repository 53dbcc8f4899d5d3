import { describeAt, describeMatcher, timeText } from './describe-matcher.ts';
import { holds } from './holds.ts';
import type { Matcher, MatchOptions } from './matcher.ts';
import { describeValue, isSecretName } from './redact.ts';
import { type CountMatcher, countOf, type PathMatcher, parsed, valueAt } from './structured.ts';

/** The observed value in words, with what is missing, what is too much and, for secrets, only equality. */
export function describeObserved(
  actual: unknown,
  matcher: Matcher,
  ok: boolean,
  options: MatchOptions = {},
): string {
  if (options.secret) return describeSecret(actual, matcher, ok);
  const value = describeValue(actual);
  if (ok) return value;
  const difference = differenceOf(actual, matcher);
  return difference === undefined ? value : `${value}; ${difference}`;
}

function describeSecret(actual: unknown, matcher: Matcher, ok: boolean): string {
  if (actual === undefined || actual === null) return 'not set';
  const shown = describeValue(actual, { secret: true });
  if (matcher.kind === 'present' || matcher.kind === 'absent') return `set (${shown})`;
  if (matcher.kind === 'equal') return ok ? `equal (${shown})` : `differs (${shown})`;
  return ok ? `as expected (${shown})` : `not as expected (${shown})`;
}

function differenceOf(actual: unknown, matcher: Matcher): string | undefined {
  if (matcher.kind === 'equal') return equalDifference(actual, matcher.value);
  if (matcher.kind === 'path') return pathDifference(actual, matcher);
  if (matcher.kind === 'count') return countDifference(actual, matcher);
  if (matcher.kind === 'changedSince' && typeof actual === 'number') return timeText(actual);
  if (Array.isArray(actual) || (typeof actual === 'string' && matcher.kind === 'superset')) {
    return listDifference(actual, matcher);
  }
  return undefined;
}

function pathDifference(actual: unknown, { language, entries }: PathMatcher): string {
  const document = parsed(actual, language);
  if (!document) return `it is not ${language === 'json' ? 'JSON' : 'XML'}`;
  const wrong = entries.flatMap(([path, of]) => {
    const value = valueAt(document.value, path, language);
    if (holds(value, of)) return [];
    const secret = isSecretName(path);
    return [`${path} is ${describeObserved(value, of, false, { secret })}, expected ${describeAt(path, of)}`];
  });
  return wrong.join('; ');
}

function countDifference(actual: unknown, { of }: CountMatcher): string | undefined {
  const count = countOf(actual, (element) => of === undefined || holds(element, of));
  return count === undefined ? undefined : `counted ${count}`;
}

/** Two texts that look alike once shown: say what differs. */
function equalDifference(actual: unknown, wanted: unknown): string | undefined {
  if (typeof wanted === 'number' && actual === String(wanted)) return 'a text, not a number';
  if (typeof wanted === 'string' && typeof actual !== 'string' && String(actual) === wanted) {
    return `a ${typeof actual}, not a text`;
  }
  if (typeof actual !== 'string' || typeof wanted !== 'string') return undefined;
  const passwords = [passwordOf(actual), passwordOf(wanted)] as const;
  if (passwords[0] !== undefined && passwords[1] !== undefined && passwords[0] !== passwords[1]) {
    return `the password differs (${passwords[0].length} chars, expected ${passwords[1].length})`;
  }
  if (actual.trim() === wanted.trim()) return 'only white space at the ends differs';
  const lines = [actual.split('\n'), wanted.split('\n')] as const;
  if (lines[0].length < 2 && lines[1].length < 2) return undefined;
  const at = lines[0].findIndex((line, index) => line !== lines[1][index]);
  const line = at < 0 ? lines[0].length : at;
  return `first difference at line ${line + 1}: ${describeValue(lines[0][line])}, expected ${describeValue(lines[1][line])}`;
}

function passwordOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).password || undefined : undefined;
}

function listDifference(actual: unknown, matcher: Matcher): string | undefined {
  const elements: readonly unknown[] = Array.isArray(actual) ? actual : [actual];
  switch (matcher.kind) {
    case 'superset':
      return named('missing', missing(elements, matcher.items));
    case 'exactly':
    case 'only':
      return (
        [
          named('missing', missing(elements, matcher.items)),
          named('too much', extra(elements, matcher.items)),
        ]
          .filter((part) => part !== undefined)
          .join('; ') || undefined
      );
    case 'subset':
      return named('too much', extra(elements, matcher.items));
    case 'each':
      return named(
        'not so',
        elements.filter((element) => !holds(element, matcher.of)).map((element) => describeValue(element)),
      );
    case 'none':
      return named(
        'found',
        elements.filter((element) => holds(element, matcher.of)).map((element) => describeValue(element)),
      );
    default:
      return undefined;
  }
}

function missing(elements: readonly unknown[], items: readonly Matcher[]): string[] {
  return items.filter((item) => !elements.some((el) => holds(el, item))).map((item) => describeMatcher(item));
}

function extra(elements: readonly unknown[], items: readonly Matcher[]): string[] {
  return elements.filter((el) => !items.some((item) => holds(el, item))).map((el) => describeValue(el));
}

function named(name: string, values: readonly string[]): string | undefined {
  if (values.length === 0) return undefined;
  const shown = values.slice(0, 5).join(', ');
  return `${name}: ${shown}${values.length > 5 ? ` and ${values.length - 5} more` : ''}`;
}
