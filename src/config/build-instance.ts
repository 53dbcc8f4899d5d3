import type { InstanceConfig, PluginSettings } from '../core/kitchen.ts';
import type { Findings } from './findings.ts';
import { instanceName } from './instance-name.ts';
import { rememberTree } from './instance-tree.ts';
import { interpolateTree } from './interpolate.ts';
import type { Level } from './levels.ts';
import { serviceSpecs } from './service-spec.ts';
import { serviceAddress } from './services.ts';
import { toLocation } from './source-file.ts';
import { type Entry, locateIn, type MapNode, mapOf, type Node, nodeAt, toPlain, withEntry } from './tree.ts';

/** A suite or a platform of the file. */
export interface Row {
  readonly name: string;
  readonly node: MapNode;
  readonly level: Level;
}

/** One cell of suites × platforms from its merged settings, with references to services and itself filled in. */
export function buildInstance(
  suite: Row,
  platform: Row,
  merged: MapNode,
  findings: Findings,
  more: Pick<InstanceConfig, 'steps' | 'from' | 'siblings'> = {},
): InstanceConfig {
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
  for (const key of ['steps', 'from']) {
    const entry = suite.node.entries.get(key);
    if (entry) tree = withEntry(tree, key, entry);
  }
  const isWindows = platform.name.toLowerCase().startsWith('win') || ownTransport(platform) === 'winrm';
  const driver = pluginSettings(tree, 'driver');
  const config: InstanceConfig = {
    instance,
    osType: textOf(platform.node, 'os_type', isWindows ? 'windows' : 'unix') as 'unix' | 'windows',
    shellType: textOf(platform.node, 'shell_type', isWindows ? 'powershell' : 'bourne') as
      | 'bourne'
      | 'powershell',
    driver,
    provisioner: pluginSettings(tree, 'provisioner'),
    verifier: pluginSettings(tree, 'verifier'),
    transport: transportOf(tree, driver),
    lifecycle: toPlain(mapAt(tree, 'lifecycle')) as Record<string, readonly unknown[]>,
    services,
    tags: toPlain(tree.entries.get('tags')?.value as Node) as readonly string[],
    ...more,
    ...(findings.compat && { compat: true }),
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

const ON_THE_CALLER: PluginSettings = { name: 'exec', settings: Object.freeze({}) };

/** The peer's driver `exec` puts a transport of that name without settings in place of any other (lib/kitchen/driver/exec.rb). */
function transportOf(tree: MapNode, driver: PluginSettings): PluginSettings {
  return driver.name === 'exec' ? ON_THE_CALLER : pluginSettings(tree, 'transport');
}

const settingsOf = new WeakMap<Node, PluginSettings>();

function pluginSettings(tree: MapNode, key: string): PluginSettings {
  const section = mapAt(tree, key);
  const known = settingsOf.get(section);
  if (known) return known;
  const name = section.entries.get('name')?.value;
  let settings: PluginSettings['settings'] | undefined;
  const made: PluginSettings = {
    name: name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined,
    // When they are asked for: `list` wants the names only, of many instances.
    get settings() {
      if (settings === undefined) {
        const { name: _, ...others } = toPlain(section) as Record<string, unknown>;
        settings = Object.freeze(others);
      }
      return settings;
    },
  };
  settingsOf.set(section, made);
  return made;
}
