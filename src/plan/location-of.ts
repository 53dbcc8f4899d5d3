import type { SourceLocation } from '../core/errors.ts';
import type { InstanceConfig, PathSegment } from '../core/kitchen.ts';

/** Where a setting of an instance is written, for an error or a note about it; empty for a default. */
export function locationOf(
  config: InstanceConfig,
  path: readonly PathSegment[],
): { readonly location?: SourceLocation } {
  const location = config.locate(path);
  return location ? { location } : {};
}
