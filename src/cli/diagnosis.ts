import { treeOf } from '../config/instance-tree.ts';
import { EMPTY_MAP, fromPlain, type MapNode, type Node, scalar, withoutKeys } from '../config/tree.ts';
import type { InstanceConfig, StepConfig } from '../core/kitchen.ts';
import type { InstanceState } from '../state/instance-state.ts';

/** One instance as the peer's `diagnose` has it, plus services, tags, and nothing that no file says. */
export function diagnosisOf(config: InstanceConfig, state: InstanceState | undefined): MapNode {
  const tree = treeOf(config) ?? EMPTY_MAP;
  const services = config.services;
  return mapNode({
    platform: fromPlain({ os_type: config.osType, shell_type: config.shellType }, undefined),
    state_file: fromPlain(state ?? {}, undefined),
    driver: section(tree, 'driver', config.driver.name),
    provisioner: section(tree, 'provisioner', config.provisioner.name),
    transport: section(tree, 'transport', config.transport.name),
    verifier: section(tree, 'verifier', config.verifier.name),
    lifecycle_hooks: tree.entries.get('lifecycle')?.value ?? EMPTY_MAP,
    ...(Object.keys(services).length > 0 && { services: fromPlain(services, undefined) }),
    ...(config.from && { from: scalar(config.from.suite) }),
    ...(config.steps && { steps: mapNode(Object.fromEntries(config.steps.map(stepOf))) }),
    ...(config.tags.length > 0 && { tags: fromPlain(config.tags, undefined) }),
  });
}

/** What a step may have of its own. */
function stepOf({ name, config }: StepConfig): readonly [string, MapNode] {
  const tree = treeOf(config) ?? EMPTY_MAP;
  const sections = {
    provisioner: section(tree, 'provisioner', config.provisioner.name),
    verifier: section(tree, 'verifier', config.verifier.name),
    lifecycle_hooks: tree.entries.get('lifecycle')?.value ?? EMPTY_MAP,
  };
  return [name, mapNode(sections)];
}

/** The settings in the peer's order, which is alphabetical. */
function section(tree: MapNode, key: string, name: string | undefined): MapNode {
  const node = tree.entries.get(key)?.value;
  const settings = node?.kind === 'map' ? withoutKeys(node, ['name']) : EMPTY_MAP;
  const named = name === undefined ? [] : [['name', { keyPlace: undefined, value: scalar(name) }] as const];
  const sorted = [...settings.entries, ...named].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...settings, entries: new Map(sorted) };
}

export function mapNode(values: Readonly<Record<string, Node>>): MapNode {
  const entries = Object.entries(values).map(
    ([key, value]) => [key, { keyPlace: undefined, value }] as const,
  );
  return { kind: 'map', entries: new Map(entries), place: undefined };
}
