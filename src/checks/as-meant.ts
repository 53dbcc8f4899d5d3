import { holds } from './holds.ts';
import type { Matcher } from './matcher.ts';

/**
 * A value of a format that has texts only, as what is wanted of it: `42` may be meant as a number, `true` as true. It
 * stays a text where nothing else makes the matcher hold. Pure.
 */
export function asMeant(value: unknown, wanted: Matcher): unknown {
  if (Array.isArray(value)) {
    const converted = value.map(converse);
    return !holds(value, wanted) && holds(converted, wanted) ? converted : value;
  }
  if (typeof value !== 'string' || holds(value, wanted)) return value;
  const other = converse(value);
  return holds(other, wanted) ? other : value;
}

function converse(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  const number = Number(value);
  return value !== '' && String(number) === value && Number.isFinite(number) ? number : value;
}
