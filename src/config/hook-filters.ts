import type { Findings } from './findings.ts';
import { textsOf } from './list-marks.ts';
import { platformFilter } from './platform-filter.ts';
import { toLocation } from './source-file.ts';
import type { MapNode, Node } from './tree.ts';

/**
 * Tells of `includes` and `excludes` in hooks that mean none of the platforms the hooks are for: a hook that never runs
 * looks like one that ran. Broken expressions are for who reads the hooks. `removed`: names that an overlay took away.
 */
export function reportHookFilters(
  lifecycle: MapNode,
  platforms: readonly string[],
  removed: ReadonlySet<string>,
  findings: Findings,
): void {
  if (platforms.length === 0) return;
  for (const [hook, { value }] of lifecycle.entries) {
    for (const item of value.kind === 'seq' ? value.items : [value]) {
      if (item.kind !== 'map') continue;
      for (const key of ['includes', 'excludes'] as const) {
        for (const { text, node } of textsOf(item.entries.get(key)?.value)) {
          if (removed.has(text) || meansSome(text, platforms)) continue;
          warn(text, node, `${key} of the hook ${hook}`, findings);
        }
      }
    }
  }
}

function meansSome(text: string, platforms: readonly string[]): boolean {
  try {
    return platforms.some(platformFilter(text));
  } catch {
    return true;
  }
}

function warn(text: string, node: Node, where: string, findings: Findings): void {
  findings.warn(`"${text}" in ${where} is no platform that it is for`, toLocation(node.place));
}
