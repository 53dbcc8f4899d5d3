import { GalleyError } from '../core/errors.ts';

/** The i-th (from 1) of n parts. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Reads `2/3`. Throws `usage.bad_shard`. */
export function parseShard(text: string): Shard {
  const found = /^\s*(\d{1,6})\s*\/\s*(\d{1,6})\s*$/.exec(text);
  const [index, of] = [Number(found?.[1]), Number(found?.[2])];
  if (index >= 1 && index <= of) return { index, of };
  throw new GalleyError({
    code: 'usage.bad_shard',
    kind: 'usage',
    message: `--shard: '${text}' is not a part of a whole`,
    got: text,
    expected: 'i/n with i from 1 to n, e.g. 1/3, 2/3 and 3/3',
    hint: 'galley list --shard 1/3 shows the instances of a part',
  });
}

/**
 * Every n-th one, beginning with the i-th: each is in exactly one of the n parts, on whatever machine it is asked.
 * Neighbours, which take about as long as each other, come into different parts. Pure.
 */
export function partOf<T>(all: readonly T[], { index, of }: Shard): readonly T[] {
  return all.filter((_, at) => at % of === index - 1);
}
