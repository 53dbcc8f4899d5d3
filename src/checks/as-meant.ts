import { holds } from './holds.ts';
import type { Matcher } from './matcher.ts';

/**
 * A value of a format that has texts only, as what is wanted of it: beside `5` and `{not: 5}` the text `5` is a number,
 * beside `'5'` it is a text. Where the matcher has literals of both kinds, or none, it is what makes it hold. Pure.
 */
export function asMeant(value: unknown, wanted: Matcher): unknown {
  const other = Array.isArray(value) ? value.map(converse) : converse(value);
  const kinds = literalKinds(wanted);
  if (kinds.has('string') && kinds.size === 1) return value;
  if (kinds.size > 0 && !kinds.has('string')) return other;
  return !holds(value, wanted) && holds(other, wanted) ? other : value;
}

/** A cell of a client that prints texts only, which was read as a number: the text where a text is wanted. Pure. */
export function asMeantCell<T>(cell: T, wanted: Matcher): T | string {
  if (typeof cell !== 'number') return cell;
  const text = String(cell);
  const kinds = literalKinds(wanted);
  if (kinds.has('string') && kinds.size === 1) return text;
  return !holds(cell, wanted) && holds(text, wanted) ? text : cell;
}

/** Types of the values that a matcher compares for equality, anywhere inside. */
function literalKinds(matcher: Matcher): ReadonlySet<string> {
  switch (matcher.kind) {
    case 'equal':
      return new Set([matcher.value].flat().map((one) => typeof one));
    case 'oneOf':
      return new Set(matcher.values.map((one) => typeof one));
    case 'not':
    case 'each':
    case 'none':
    case 'some':
      return literalKinds(matcher.of);
    case 'all':
    case 'any':
      return new Set(matcher.of.flatMap((one) => [...literalKinds(one)]));
    case 'superset':
    case 'subset':
    case 'exactly':
    case 'only':
      return new Set(matcher.items.flatMap((one) => [...literalKinds(one)]));
    default:
      return new Set();
  }
}

function converse(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  const number = Number(value);
  return value !== '' && String(number) === value && Number.isFinite(number) ? number : value;
}
