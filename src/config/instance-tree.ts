import type { SourceLocation } from '../core/errors.ts';
import type { InstanceConfig, PathSegment } from '../core/kitchen.ts';
import { locateKeyIn, type MapNode } from './tree.ts';

const trees = new WeakMap<InstanceConfig, MapNode>();

/** Remembers the tree behind an instance, for questions that `InstanceConfig` itself does not answer. */
export function rememberTree(instance: InstanceConfig, tree: MapNode): void {
  trees.set(instance, tree);
}

/** The merged tree of an instance that `loadKitchen` made: sections, lifecycle, services, tags, with places. */
export function treeOf(instance: InstanceConfig): MapNode | undefined {
  return trees.get(instance);
}

/** Like `instance.locate`, but points at the key instead of its value. */
export function locateKeyOf(
  instance: InstanceConfig,
  path: readonly PathSegment[],
): SourceLocation | undefined {
  const tree = trees.get(instance);
  return tree ? locateKeyIn(tree, path) : instance.locate(path);
}
