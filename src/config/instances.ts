import type { InstanceConfig, PluginSettings } from '../core/kitchen.ts';
import type { Findings } from './findings.ts';
import { rememberTree } from './instance-tree.ts';
import { interpolateTree } from './interpolate.ts';
import { type Level, normalizeLevel } from './levels.ts';
import { mergeLevels } from './merge-levels.ts';
import { type PlatformFilter, platformFilter } from './platform-filter.ts';
import { normalizeServices, serviceSpecs } from './service-spec.ts';
import { serviceAddress } from './services.ts';
import { toLocation } from './source-file.ts';
import {
  type Entry,
  isNull,
  locateIn,
  type MapNode,
  mapOf,
  type Node,
  nodeAt,
  toPlain,
  withEntry,
} from './tree.ts';

/** Of a suite or a platform; both together, with what state files add, must fit into 255. */
const MAX_NAME_BYTES = 100;

interface Row {
  readonly name: string;
  readonly node: MapNode;
  readonly level: Level;
}

/** Suites × platforms in Test Kitchen's order (suite-major), filtered, named and merged. */
export function buildInstances(file: MapNode, findings: Findings): readonly InstanceConfig[] {
  const common = withServices(normalizeLevel(file, 'common', findings), findings);
  const kitchen = file.entries.get('kitchen')?.value;
  const wide = kitchen?.kind === 'map' ? kitchen : undefined;
  const platforms = rowsOf(file, 'platforms', 'platform', findings);
  const suites = rowsOf(file, 'suites', 'suite', findings);
  const instances: InstanceConfig[] = [];
  for (const suite of suites) {
    const selected = selectPlatforms(suite, platforms, findings);
    // Test Kitchen looks both up by name, so that of two with one name the first decides.
    const suiteLevel = firstOf(suites, suite.name).level;
    for (const platform of selected) {
      const platformRow = firstOf(platforms, platform.name);
      const merged = mergeLevels(common, platformRow.level, suiteLevel, wide, findings);
      instances.push(buildInstance(suite, platform, merged, findings));
    }
  }
  reportCollisions(instances, findings);
  return instances;
}

/** Test Kitchen's name of an instance (lib/kitchen/instance.rb `name_for`). */
export function instanceName(suite: string, platform: string): string {
  return `${suite}-${platform}`.replaceAll(/[_,/]/g, '-').replaceAll('.', '');
}

function rowsOf(
  file: MapNode,
  key: 'platforms' | 'suites',
  kind: 'platform' | 'suite',
  findings: Findings,
): readonly Row[] {
  const list = file.entries.get(key);
  const items = list?.value.kind === 'seq' ? list.value.items : [];
  if (items.length === 0) {
    findings.warn(`no ${key} are given, so there are no instances`, toLocation(list?.keyPlace ?? file.place));
  }
  const rows: Row[] = [];
  for (const node of items) {
    const name = nodeAt(node, ['name']);
    if (node.kind !== 'map' || name?.kind !== 'scalar' || typeof name.value !== 'string') continue;
    const level = withServices(normalizeLevel(node, kind, findings), findings);
    reportDuplicate(rows, name.value, node, kind, findings);
    reportUnusable(name.value, node, kind, findings);
    rows.push({ name: name.value, node, level });
  }
  return rows;
}

function withServices(level: Level, findings: Findings): Level {
  return level.services.entries.size === 0
    ? level
    : { ...level, services: normalizeServices(level.services, findings) };
}

/** The name becomes part of file names and of the lines that reports are made of. */
function reportUnusable(name: string, node: MapNode, kind: 'platform' | 'suite', findings: Findings): void {
  const isTooLong = Buffer.byteLength(name) > MAX_NAME_BYTES;
  if (name !== '' && !isTooLong && !/\p{Cc}/u.test(name)) return;
  const location = locateIn(node, ['name']);
  findings.error({
    code: 'config.unusable_name',
    message: `${JSON.stringify(name.slice(0, 40))} cannot be the name of a ${kind}: it becomes part of file names`,
    expected: `1 to ${MAX_NAME_BYTES} bytes, no control characters`,
    ...(location && { location }),
  });
}

function firstOf(rows: readonly Row[], name: string): Row {
  return rows.find((row) => row.name === name) as Row;
}

function reportDuplicate(
  rows: readonly Row[],
  name: string,
  node: MapNode,
  kind: string,
  findings: Findings,
): void {
  const first = rows.find((row) => row.name === name);
  if (!first) return;
  const location = locateIn(node, ['name']);
  const before = locateIn(first.node, ['name']);
  findings.tolerable({
    code: 'config.duplicate_instance',
    message: `two ${kind}s are named "${name}"; Test Kitchen would use the first one's settings for both`,
    ...(location && { location }),
    details: before ? [`first: ${before.file}:${before.line}:${before.column}`] : [],
    hint: 'rename or remove one of them',
  });
}

function selectPlatforms(suite: Row, platforms: readonly Row[], findings: Findings): readonly Row[] {
  const includes = filtersOf(suite, 'includes', platforms, findings);
  const excludes = filtersOf(suite, 'excludes', platforms, findings);
  const selected = platforms.filter(({ name }) => {
    if (includes.length > 0) return includes.some((isMeant) => isMeant(name));
    return !excludes.some((isMeant) => isMeant(name));
  });
  if (selected.length === 0 && platforms.length > 0) {
    findings.warn(`the suite "${suite.name}" selects no platform`, locateIn(suite.node, ['name']));
  }
  return selected;
}

function filtersOf(
  suite: Row,
  key: 'includes' | 'excludes',
  platforms: readonly Row[],
  findings: Findings,
): readonly PlatformFilter[] {
  const node = suite.node.entries.get(key)?.value;
  const items = node?.kind === 'seq' ? node.items : node === undefined || isNull(node) ? [] : [node];
  const filters: PlatformFilter[] = [];
  for (const item of items) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
    const location = toLocation(item.place);
    try {
      const isMeant = platformFilter(item.value);
      filters.push(isMeant);
      if (!platforms.some(({ name }) => isMeant(name))) {
        findings.warn(`"${item.value}" in ${key} of the suite "${suite.name}" is no platform here`, location);
      }
    } catch (error) {
      findings.error({
        code: 'config.invalid_value',
        message: `${key} of the suite "${suite.name}" holds a broken regular expression: ${(error as Error).message}`,
        ...(location && { location }),
        got: item.value,
      });
    }
  }
  return filters;
}

function reportCollisions(instances: readonly InstanceConfig[], findings: Findings): void {
  const seen = new Map<string, InstanceConfig>();
  for (const config of instances) {
    const { name, suite, platform } = config.instance;
    const first = seen.get(name);
    if (!first) {
      seen.set(name, config);
      continue;
    }
    // A name given twice has been reported where it is given.
    if (first.instance.suite === suite && first.instance.platform === platform) continue;
    const location = config.locate(['suite']);
    const before = first.locate(['suite']);
    const other = `suite "${first.instance.suite}" on "${first.instance.platform}"`;
    findings.tolerable({
      code: 'config.duplicate_instance',
      message: `suite "${suite}" on "${platform}" and ${other} are both named ${name}, so they would share one state`,
      ...(location && { location }),
      details: before ? [`first: ${before.file}:${before.line}:${before.column}`] : [],
      hint: 'rename one of the suites or platforms',
    });
  }
}

function buildInstance(suite: Row, platform: Row, merged: MapNode, findings: Findings): InstanceConfig {
  const instance = {
    name: instanceName(suite.name, platform.name),
    suite: suite.name,
    platform: platform.name,
  };
  const services = serviceSpecs(mapAt(merged, 'services'), findings);
  const addresses = Object.fromEntries(
    Object.entries(services).map(([name, spec]) => [name, serviceAddress(name, spec)]),
  );
  let tree = merged;
  for (const key of ['provisioner', 'verifier'] as const) {
    const entry = tree.entries.get(key) as Entry;
    const value = interpolateTree(entry.value, { instance, services: addresses }, (problem, node) => {
      const location = toLocation(node.place);
      findings.error({ code: 'config.unknown_reference', ...problem, ...(location && { location }) });
    });
    if (value !== entry.value) tree = withEntry(tree, key, { ...entry, value });
  }
  tree = withName(withName(tree, 'suite', suite), 'platform', platform);
  const isWindows = platform.name.toLowerCase().startsWith('win') || ownTransport(platform) === 'winrm';
  const config: InstanceConfig = {
    instance,
    osType: textOf(platform.node, 'os_type', isWindows ? 'windows' : 'unix') as 'unix' | 'windows',
    shellType: textOf(platform.node, 'shell_type', isWindows ? 'powershell' : 'bourne') as
      | 'bourne'
      | 'powershell',
    driver: pluginSettings(tree, 'driver'),
    provisioner: pluginSettings(tree, 'provisioner'),
    verifier: pluginSettings(tree, 'verifier'),
    transport: pluginSettings(tree, 'transport'),
    lifecycle: toPlain(mapAt(tree, 'lifecycle')) as Record<string, readonly unknown[]>,
    services,
    tags: toPlain(tree.entries.get('tags')?.value as Node) as readonly string[],
    locate: (path) => locateIn(tree, path),
  };
  rememberTree(config, tree);
  return config;
}

function withName(tree: MapNode, key: string, row: Row): MapNode {
  const name = row.node.entries.get('name') as Entry;
  return withEntry(tree, key, { keyPlace: name.keyPlace, value: name.value });
}

/** What the platform itself says, not the merged transport: Test Kitchen's rule (lib/kitchen/platform.rb). */
function ownTransport(platform: Row): unknown {
  const name = nodeAt(platform.level.transport, ['name']);
  return name?.kind === 'scalar' ? name.value : undefined;
}

/** An explicitly empty type counts as the usual one, also for Windows (Test Kitchen takes nil for unix). */
function textOf(node: MapNode, key: 'os_type' | 'shell_type', otherwise: string): string {
  const given = node.entries.get(key)?.value;
  if (given === undefined) return otherwise;
  if (given.kind === 'scalar' && typeof given.value === 'string') return given.value;
  return key === 'os_type' ? 'unix' : 'bourne';
}

function mapAt(tree: MapNode, key: string): MapNode {
  return (tree.entries.get(key)?.value ?? mapOf(key, { keyPlace: undefined, value: tree })) as MapNode;
}

const settingsOf = new WeakMap<Node, PluginSettings>();

function pluginSettings(tree: MapNode, key: string): PluginSettings {
  const section = mapAt(tree, key);
  const known = settingsOf.get(section);
  if (known) return known;
  const { name, ...settings } = toPlain(section) as Record<string, unknown>;
  const made = { name: typeof name === 'string' ? name : undefined, settings: Object.freeze(settings) };
  settingsOf.set(section, made);
  return made;
}
