import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import { matchesOf } from './select.ts';

/** What instances must have in common beyond their names. Several values of one key: any; several keys: all. */
export interface InstanceFilter {
  readonly suite?: readonly string[] | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  /** None of these. */
  readonly skipTag?: readonly string[] | undefined;
}

type Wanted = 'suite' | 'platform' | 'tag';

/** Names that a config gives for `suite`, `platform` and `tag`. */
const VALUES: { readonly [key in Wanted]: (config: InstanceConfig) => readonly string[] } = {
  suite: (config) => [config.instance.suite],
  platform: (config) => [config.instance.platform],
  tag: (config) => config.tags,
};

/**
 * The instances that pass the filter, in config order. Suites and platforms are given like instances: an exact name
 * (which wins), else an unanchored regular expression; tags are exact. A value that no instance of the kitchen has is
 * a usage error, since it is a misspelling; values that only exclude each other give an empty list.
 */
export function filterInstances(
  instances: readonly InstanceConfig[],
  filter: InstanceFilter,
  kitchen: readonly InstanceConfig[] = instances,
): readonly InstanceConfig[] {
  let left = instances;
  for (const key of ['suite', 'platform', 'tag'] as const) {
    const wanted = filter[key] ?? [];
    if (wanted.length === 0) continue;
    const known = [...new Set(kitchen.flatMap(VALUES[key]))];
    const meant = new Set(wanted.flatMap((value) => meaning(key, value, known)));
    left = left.filter((config) => VALUES[key](config).some((value) => meant.has(value)));
  }
  const unwanted = filter.skipTag ?? [];
  if (unwanted.length === 0) return left;
  const known = [...new Set(kitchen.flatMap(VALUES.tag))];
  const meant = new Set(unwanted.flatMap((value) => meaning('tag', value, known)));
  return left.filter((config) => !config.tags.some((tag) => meant.has(tag)));
}

function meaning(key: Wanted, value: string, known: readonly string[]): readonly string[] {
  const meant = key === 'tag' ? known.filter((one) => one === value) : matchesOf(known, value, (one) => one);
  if (meant.length > 0) return meant;
  const guess = didYouMean(value, known);
  throw new GalleyError({
    code: `usage.no_such_${key}`,
    kind: 'usage',
    message: `no instance has the ${key} '${value}'`,
    got: value,
    expected: known.length === 0 ? `no ${key}s are given in this kitchen` : `one of ${known.join(', ')}`,
    hint: guess ? `did you mean '${guess}'?` : 'galley list --json shows suites, platforms and tags',
  });
}
