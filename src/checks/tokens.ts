import { randomBytes, randomInt } from 'node:crypto';
import type { Matcher } from './matcher.ts';

/**
 * What is unique to one observation. `${token}` (letters and digits) and `${number}` (nine digits) in a request or
 * command and in what is expected of it are filled with these, so that an answer to another request is noticed.
 */
export interface Tokens {
  readonly token: string;
  readonly number: string;
}

export function newTokens(): Tokens {
  return {
    token: `galley${randomBytes(6).toString('hex')}`,
    number: String(randomInt(100_000_000, 1_000_000_000)),
  };
}

/** What `newTokens` makes, found in a text. */
export function tokensIn(text: string): string[] {
  return text.match(/galley[0-9a-f]{12}|(?<![\w.])[1-9]\d{8}(?![\w.])/g) ?? [];
}

/** The value with `${token}` and `${number}` filled in, at any depth. */
export function fill<T>(value: T, tokens: Tokens): T {
  if (typeof value === 'string') {
    return value.replaceAll('${token}', tokens.token).replaceAll('${number}', tokens.number) as T;
  }
  if (value instanceof RegExp) return new RegExp(fill(value.source, tokens), value.flags) as T;
  if (Array.isArray(value)) return value.map((item) => fill<unknown>(item, tokens)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, fill<unknown>(inner, tokens)]),
    ) as T;
  }
  return value;
}

/** The matcher with `${token}` and `${number}` filled in. */
export function fillMatcher(matcher: Matcher, tokens: Tokens): Matcher {
  return fill(matcher, tokens);
}
