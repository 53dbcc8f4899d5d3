import type { Findings } from './findings.ts';
import { SUITE_PATHS } from './keys.ts';
import { concatenated, merge } from './merge.ts';
import { toLocation } from './source-file.ts';
import {
  EMPTY_MAP,
  type Entry,
  isNull,
  type MapNode,
  mapOf,
  type Node,
  withEntry,
  withoutKeys,
} from './tree.ts';

export type LevelKind = 'common' | 'platform' | 'suite';

/** One level of the file in normal form: every section a mapping, moved and legacy keys at their final place. */
export interface Level {
  readonly driver: MapNode;
  readonly provisioner: MapNode;
  readonly verifier: MapNode;
  readonly transport: MapNode;
  readonly lifecycle: MapNode;
  readonly services: MapNode;
  readonly tags: Node | undefined;
}

/** Keys that Test Kitchen sets in plugins itself, so that what a section says of them has no effect. */
export const KITCHEN_WIDE = ['kitchen_root', 'test_base_path', 'log_level', 'debug'] as const;

/** Which of them it sets where (lib/kitchen/data_munger.rb `*_data_for`). */
export const KITCHEN_WIDE_OF = {
  driver: ['kitchen_root', 'test_base_path', 'log_level'],
  provisioner: ['kitchen_root', 'test_base_path', 'debug'],
  verifier: ['kitchen_root', 'test_base_path', 'log_level', 'debug'],
  transport: ['kitchen_root', 'test_base_path', 'log_level'],
  lifecycle: ['kitchen_root', 'test_base_path', 'log_level', 'debug'],
} as const;

export const CHEF_KEYS = ['attributes', 'run_list', 'named_run_list', 'policy_group'] as const;

/**
 * Normal form of a level, by the rules and in the order of Test Kitchen's lib/kitchen/data_munger.rb
 * (`LegacyConfigNormalizer::STEPS`).
 */
export function normalizeLevel(level: MapNode, kind: LevelKind, findings: Findings): Level {
  const section = (key: string): MapNode => asSection(level.entries.get(key));
  let driver = merge(section('driver_config'), section('driver'), findings);
  let provisioner = section('provisioner');
  let verifier = section('verifier');
  let lifecycle = section('lifecycle');

  const plugin = level.entries.get('driver_plugin');
  if (plugin && !isNull(plugin.value)) driver = merge(mapOf('name', plugin), driver, findings);

  if (kind === 'suite') provisioner = moveInto(provisioner, level, SUITE_PATHS, findings);

  const omnibus = driver.entries.get('require_chef_omnibus');
  if (omnibus) {
    provisioner = merge(mapOf('require_chef_omnibus', omnibus), provisioner, findings);
    driver = withoutKeys(driver, ['require_chef_omnibus']);
  }

  if (level.entries.has('busser')) verifier = merge(busser(level), verifier, findings);

  for (const key of ['http_proxy', 'https_proxy']) {
    const proxy = driver.entries.get(key);
    if (!proxy) continue;
    provisioner = merge(mapOf(key, proxy), provisioner, findings);
    verifier = merge(mapOf(key, proxy), verifier, findings);
  }

  if (kind !== 'common') provisioner = moveInto(provisioner, level, CHEF_KEYS, findings);

  const command = driver.entries.get('pre_create_command');
  if (command) {
    const hook = mapOf('local', command);
    const value = concatenated([lifecycle.entries.get('pre_create')?.value, hook]);
    if (!isNull(command.value)) lifecycle = withEntry(lifecycle, 'pre_create', { ...command, value });
    driver = withoutKeys(driver, ['pre_create_command']);
  }

  return {
    driver: withoutKitchenWide(driver, 'driver', findings),
    provisioner: withoutKitchenWide(provisioner, 'provisioner', findings),
    verifier: withoutKitchenWide(verifier, 'verifier', findings),
    transport: withoutKitchenWide(section('transport'), 'transport', findings),
    lifecycle: withoutKitchenWide(lifecycle, 'lifecycle', findings),
    services: section('services'),
    tags: level.entries.get('tags')?.value,
  };
}

/**
 * A section as a mapping whose place is its key: nothing is empty, a text is a name. Other types have been reported
 * by the schema.
 */
export function asSection(entry: Entry | undefined): MapNode {
  if (entry === undefined) return EMPTY_MAP;
  const { value: node, keyPlace } = entry;
  const place = keyPlace ?? node.place;
  if (node.kind === 'map') return { ...node, place };
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return { ...EMPTY_MAP, place };
  return mapOf('name', { keyPlace: undefined, value: node }, place);
}

function busser(level: MapNode): MapNode {
  const entry = level.entries.get('busser');
  const node = entry?.value;
  const place = entry?.keyPlace;
  const isVersion = node?.kind === 'scalar' && typeof node.value === 'string';
  const given = isVersion ? mapOf('version', { keyPlace: undefined, value: node }, place) : asSection(entry);
  const name = given.entries.get('name');
  if (name && !isNull(name.value)) return given;
  return withEntry(given, 'name', { keyPlace: place, value: { kind: 'scalar', value: 'busser', place } });
}

/** The moved key wins over the same key in the provisioner's own section. */
function moveInto(
  provisioner: MapNode,
  level: MapNode,
  keys: readonly string[],
  findings: Findings,
): MapNode {
  let moved = provisioner;
  for (const key of keys) {
    const entry = level.entries.get(key);
    if (entry && !isNull(entry.value)) moved = merge(moved, mapOf(key, entry), findings);
  }
  return moved;
}

function withoutKitchenWide(
  section: MapNode,
  name: keyof typeof KITCHEN_WIDE_OF,
  findings: Findings,
): MapNode {
  const keys = KITCHEN_WIDE_OF[name];
  for (const key of keys) {
    const entry = section.entries.get(key);
    if (!entry) continue;
    findings.warn(
      `"${key}" has no effect in ${name}: it is set for the whole kitchen, under "kitchen"`,
      toLocation(entry.keyPlace ?? entry.value.place),
    );
  }
  return withoutKeys(section, keys);
}
