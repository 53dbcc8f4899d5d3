import { rubyRegExp } from './ruby-regexp.ts';

/** Says whether a platform name is meant. */
export type PlatformFilter = (platform: string) => boolean;

/**
 * A filter as Test Kitchen reads it (lib/kitchen/platform_filter.rb): `/…/` with the options `i` and `x` is a Ruby
 * regular expression, not anchored; anything else is an exact name. Throws a SyntaxError for a broken expression.
 */
export function platformFilter(text: string): PlatformFilter {
  const match = /^\/(.*)\/([ix]*)$/.exec(text);
  if (!match) return (platform) => platform === text;
  const expression = rubyRegExp(match[1] ?? '', match[2] ?? '');
  return (platform) => expression.test(platform);
}
