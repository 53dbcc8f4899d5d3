import type { SourceLocation } from '../core/errors.ts';
import { locateIn, type MapNode } from './tree.ts';

/** For an entry that has the name of an earlier one: where it stands, and where the first does. Undefined otherwise. */
export function namedTwice(
  rows: readonly { readonly name: string; readonly node: MapNode }[],
  name: string,
  node: MapNode,
): { readonly location?: SourceLocation; readonly details: readonly string[] } | undefined {
  const first = rows.find((row) => row.name === name);
  if (!first) return undefined;
  const location = locateIn(node, ['name']);
  const before = locateIn(first.node, ['name']);
  return {
    ...(location && { location }),
    details: before ? [`first: ${before.file}:${before.line}:${before.column}`] : [],
  };
}
