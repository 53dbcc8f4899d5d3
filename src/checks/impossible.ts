import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { describeMatcher } from './describe-matcher.ts';
import { truthOf } from './holds.ts';
import type { Matcher } from './matcher.ts';
import type { ValueShape } from './value-shape.ts';
import { compareVersions } from './versions/order.ts';

/**
 * Why no value of this attribute can meet the matcher, e.g. `impossible: no value is ever > 5 and < 3 at once`; undefined where some may. Only
 * what is certain is told: operands with `${…}` in them are not known yet. What lies inside `each`, `not` … has been
 * looked at when that was read. Pure.
 */
export function impossible(matcher: Matcher, shape: ValueShape): string | undefined {
  const parts = partsOf(matcher, shape).filter((one) => !hasTemplate(one));
  const other = parts.map(unwrapped);
  return (
    outOfRange(other, shape) ??
    betweenVersions(other) ??
    (parts.length > 1 ? contradiction(parts, shape) : undefined)
  );
}

/** Plain versions, of which every package manager thinks the same. */
function betweenVersions(parts: readonly Matcher[]): string | undefined {
  const plain = parts.flatMap((one) =>
    one.kind === 'version' && /^\d+(\.\d+)*$/.test(one.value) ? [one] : [],
  );
  for (const from of plain.filter(({ relation }) => relation === 'gt' || relation === 'gte')) {
    for (const to of plain.filter(({ relation }) => relation === 'lt' || relation === 'lte')) {
      const order = compareVersions('dpkg', from.value, to.value);
      const isOpen = from.relation === 'gt' || to.relation === 'lt';
      if (order > 0 || (order === 0 && isOpen))
        return `impossible: no version is ${describeMatcher(from)} and ${describeMatcher(to)} at once`;
    }
  }
  return undefined;
}

/** All of them must hold. */
function partsOf(matcher: Matcher, shape: ValueShape): readonly Matcher[] {
  if (matcher.kind === 'all') return matcher.of.flatMap((one) => partsOf(one, shape));
  return matcher.kind === 'superset' && shape.text ? matcher.items : [matcher];
}

/** `some` of a list with only one matcher in it: what no element can meet, no list can. */
function unwrapped(part: Matcher): Matcher {
  return part.kind === 'some' ? part.of : part;
}

function contradiction(parts: readonly Matcher[], shape: ValueShape): string | undefined {
  for (const one of parts) {
    const rest = parts.filter((other) => other !== one && other.kind !== 'version');
    const opposite = rest.find((other) => other.kind === 'not' && isDeepStrictEqual(other.of, one));
    if (opposite) return told([one, opposite], shape);
    const broken = brokenBy(one, rest);
    if (broken) return told([one, broken], shape);
  }
  const sizes = parts.flatMap(sizesOf);
  return sizes.length > 1 && isEmpty(limitsOf(sizes, { low: 0, high: Infinity, isWhole: true }))
    ? told(parts, shape)
    : undefined;
}

/** The first that does not hold for any value that meets `one`, where these are known. */
function brokenBy(one: Matcher, rest: readonly Matcher[]): Matcher | undefined {
  const values = valuesOf(one);
  if (values === undefined) return undefined;
  const isPossible = (other: Matcher): boolean => values.some((value) => truth(value, other));
  const alone = rest.find((other) => !isPossible(other));
  return alone ?? (values.some((value) => rest.every((other) => truth(value, other))) ? undefined : rest[0]);
}

function truth(value: unknown, matcher: Matcher): boolean {
  try {
    return truthOf(value, matcher) === true;
  } catch {
    // A pattern that takes too long is told when the check runs.
    return true;
  }
}

function valuesOf(matcher: Matcher): readonly unknown[] | undefined {
  switch (matcher.kind) {
    case 'equal':
      return matcher.looseEnd === true && typeof matcher.value === 'string'
        ? [matcher.value, `${matcher.value}\n`, `${matcher.value}\r\n`]
        : [matcher.value];
    case 'oneOf':
      return matcher.values;
    case 'exactly':
      return matcher.items.length === 0 ? [[]] : undefined;
    case 'absent':
      return [undefined, []];
    default:
      return undefined;
  }
}

interface Limits {
  readonly low: number;
  readonly high: number;
  /** Whether the ends themselves are left out. */
  readonly isLowOpen?: boolean;
  readonly isHighOpen?: boolean;
  readonly isWhole: boolean;
}

/** Comparisons that leave no number, of those that the attribute can have. */
function outOfRange(parts: readonly Matcher[], shape: ValueShape): string | undefined {
  const compared = parts.filter((one) => comparison(one) !== undefined);
  if (compared.length === 0) return undefined;
  // Of a list each comparison may be met by another element.
  const groups = shape.list ? compared.map((one) => [one]) : [compared];
  const group = groups.find((all) => isEmpty(limitsOf(all, boundsOf(shape.element))));
  return group && told(group, shape);
}

function limitsOf(parts: readonly Matcher[], bounds: Limits): Limits {
  return parts.reduce((limits: Limits, part) => {
    const { low, high, isOpen = false } = comparison(part) ?? {};
    const lower =
      low !== undefined && low >= limits.low
        ? { ...limits, low, isLowOpen: isOpen || (low === limits.low && limits.isLowOpen === true) }
        : limits;
    return high !== undefined && high <= lower.high
      ? { ...lower, high, isHighOpen: isOpen || (high === lower.high && lower.isHighOpen === true) }
      : lower;
  }, bounds);
}

function isEmpty({ low, high, isLowOpen, isHighOpen, isWhole }: Limits): boolean {
  if (!isWhole) return low > high || (low === high && (isLowOpen === true || isHighOpen === true));
  const first = isLowOpen ? Math.floor(low) + 1 : Math.ceil(low);
  const last = isHighOpen ? Math.ceil(high) - 1 : Math.floor(high);
  return first > last;
}

function comparison(
  part: Matcher,
): { readonly low?: number; readonly high?: number; readonly isOpen?: boolean } | undefined {
  switch (part.kind) {
    case 'gt':
    case 'gte':
      return { low: Number(part.value), isOpen: part.kind === 'gt' };
    case 'lt':
    case 'lte':
      return { high: Number(part.value), isOpen: part.kind === 'lt' };
    case 'between':
      return { low: Number(part.from), high: Number(part.to) };
    case 'equal':
      return typeof part.value === 'number' ? { low: part.value, high: part.value } : undefined;
    default:
      return undefined;
  }
}

function boundsOf(element: z.ZodType): Limits {
  if (!(element instanceof z.ZodNumber)) return { low: -Infinity, high: Infinity, isWhole: false };
  const { minValue, maxValue, isInt } = element;
  return { low: minValue ?? -Infinity, high: maxValue ?? Infinity, isWhole: isInt };
}

/** What is asked of the number of elements, characters excepted. */
function sizesOf(part: Matcher): readonly Matcher[] {
  if (part.kind === 'exactly') return [{ kind: 'equal', value: part.items.length }];
  if (part.kind === 'present') return [];
  const asked = part.kind === 'length' ? part.of : part.kind === 'count' && !part.of ? part.is : undefined;
  if (asked === undefined) return [];
  return asked.kind === 'all' ? asked.of : [asked];
}

/** Numbers are shown; texts may be secrets, so of them only the matchers are named. */
function told(parts: readonly Matcher[], shape: ValueShape): string {
  const isCompared = parts.every((one) => comparison(one) !== undefined || sizesOf(one).length > 0);
  const words = parts.map((one) => (isCompared ? describeMatcher(one) : nameOf(one)));
  const wanted = [...new Set(words)].join(' and ');
  const together = parts.length > 1 ? ' at once' : '';
  return `impossible: no value is ever ${wanted}${together}${isCompared ? rangeOf(shape) : ''}`;
}

/** The key it was written with. */
function nameOf(part: Matcher): string {
  const { kind } = unwrapped(part);
  return kind === 'not' && 'of' in part ? `not ${nameOf(part.of as Matcher)}` : `'${kind}'`;
}

function rangeOf({ element }: ValueShape): string {
  const { low, high } = boundsOf(element);
  const ends = [
    low > Number.MIN_SAFE_INTEGER && `at least ${low}`,
    high < Number.MAX_SAFE_INTEGER && `at most ${high}`,
  ].filter((one) => one !== false);
  return ends.length === 0 ? '' : `; it is ${ends.join(', ')}`;
}

function hasTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (value instanceof RegExp) return value.source.includes('${');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasTemplate);
}
