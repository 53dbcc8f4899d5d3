import { posix } from 'node:path';
import type { ListRow } from '../../src/cli/list-rows.ts';
import { pluginName } from '../../src/cli/plugin-name.ts';
import type { InstanceConfig, Kitchen } from '../../src/core/kitchen.ts';

/** What a row of the peer's `list --json` is compared by. */
export type PeerRow = Pick<ListRow, 'instance' | 'driver' | 'provisioner' | 'verifier' | 'transport'>;

type Data = Readonly<Record<string, unknown>>;

export interface Diagnosis {
  readonly loader: { readonly combined_config: { readonly raw_data: Data } };
  readonly instances: Readonly<Record<string, Readonly<Record<string, Data>>>>;
}

const SECTIONS = ['driver', 'provisioner', 'verifier', 'transport'] as const;

/** What Test Kitchen uses where no level names a plugin. */
function defaultPlugin(section: (typeof SECTIONS)[number], platform: string): string {
  if (section === 'transport') return /^win/i.test(platform) ? 'winrm' : 'ssh';
  return { driver: 'dummy', provisioner: 'shell', verifier: 'busser' }[section];
}

/** In words, what differs between Galley's reading and the peer's `list` and `diagnose`. */
export function differences(kitchen: Kitchen, rows: readonly PeerRow[], diagnosis: Diagnosis) {
  const list: string[] = [];
  const ours = kitchen.instances.map(({ instance }) => instance.name);
  const theirs = rows.map(({ instance }) => instance);
  if (ours.join('\n') !== theirs.join('\n')) {
    list.push(`${ours.length} instances instead of ${theirs.length}, or in another order`);
  } else {
    for (const [index, row] of rows.entries()) {
      const config = kitchen.instances[index];
      if (config) list.push(...pluginDifferences(config, row));
    }
  }
  const settings: string[] = [];
  for (const [name, sections] of Object.entries(diagnosis.instances ?? {})) {
    const config = kitchen.instances.find(({ instance }) => instance.name === name);
    if (config)
      settings.push(
        ...instanceDifferences(config, sections, diagnosis.loader.combined_config.raw_data, kitchen.root),
      );
  }
  return { list: [...new Set(list)], settings };
}

function pluginDifferences(config: InstanceConfig, row: PeerRow): readonly string[] {
  return SECTIONS.flatMap((section) => {
    const name = config[section].name ?? defaultPlugin(section, config.instance.platform);
    const shown = pluginName(name);
    return shown === row[section] ? [] : [`${section} ${shown} instead of ${row[section]}`];
  });
}

function instanceDifferences(
  config: InstanceConfig,
  sections: Readonly<Record<string, Data>>,
  file: Data,
  root: string,
): readonly string[] {
  const { name } = config.instance;
  const found: string[] = [];
  const platform = sections['platform'] ?? {};
  if (platform['os_type'] !== config.osType || platform['shell_type'] !== config.shellType) {
    found.push(`${name}: ${config.osType}/${config.shellType} instead of ${JSON.stringify(platform)}`);
  }
  for (const section of SECTIONS) {
    const theirs = sections[section] ?? {};
    const ours = config[section].settings;
    for (const [key, value] of Object.entries(ours)) {
      if (!agrees(value, theirs[key], root) && !isRewritten(config, `${section}.${key}`, value, theirs[key]))
        found.push(`${name} ${section}.${key}: ${show(value)} instead of ${show(theirs[key])}`);
    }
    for (const key of keysInFile(file, section, config)) {
      const isOwn = key in ours || key === 'name' || IGNORED_KEYS.has(key);
      if (!isOwn && key in theirs && theirs[key] !== null) found.push(`${name} ${section}.${key} is missing`);
    }
  }
  const hooks = sections['lifecycle_hooks'] ?? {};
  for (const key of new Set([...Object.keys(hooks), ...Object.keys(config.lifecycle)])) {
    if (/^(pre|post|finally)_/.test(key) && !agrees(config.lifecycle[key], hooks[key], root)) {
      found.push(`${name} lifecycle.${key}: ${show(config.lifecycle[key])} instead of ${show(hooks[key])}`);
    }
  }
  return found;
}

/** Values that a plugin of the peer replaces by something of its own before it shows them. */
function isRewritten(config: InstanceConfig, path: string, ours: unknown, theirs: unknown): boolean {
  if (path === 'transport.compression')
    return theirs === (ours === 'zlib') || (ours === 'zlib' && theirs === 'zlib@openssh.com');
  if (config.driver.name !== 'vagrant') return false;
  if (path === 'driver.box_auto_update')
    return ours === true && String(theirs).startsWith('vagrant box update');
  if (path === 'driver.box_auto_prune')
    return ours === true && String(theirs).startsWith('vagrant box prune');
  if (path !== 'driver.synced_folders' || !Array.isArray(ours) || !Array.isArray(theirs)) return false;
  // Host paths are expanded, options are filled in, and the cache is added.
  return ours.every((folder: string[]) => theirs.some((one: string[]) => one[1] === folder[1]));
}

/** Set by Test Kitchen itself, whatever a section says. */
const IGNORED_KEYS = new Set(['kitchen_root', 'test_base_path', 'log_level', 'debug']);

/** Keys that the merged file gives a section of this instance at any level. */
function keysInFile(file: Data, section: string, config: InstanceConfig): ReadonlySet<string> {
  const named = (list: unknown, name: string) =>
    (Array.isArray(list) ? (list as Data[]) : []).find((item) => item['name'] === name) ?? {};
  const levels = [
    file,
    named(file['platforms'], config.instance.platform),
    named(file['suites'], config.instance.suite),
  ];
  const blocks = levels.flatMap((level) => [
    level[section],
    section === 'driver' ? level['driver_config'] : undefined,
  ]);
  const isMapping = (block: unknown): block is Data => typeof block === 'object' && block !== null;
  return new Set(blocks.filter(isMapping).flatMap((block) => Object.keys(block)));
}

/**
 * Whether our value is the peer's. The peer makes some relative paths absolute, and the corpus writes `$ROOT` for the
 * kitchen's folder, `$HOME` for the home and `$VOLATILE` and the like for what differs from run to run.
 */
function agrees(ours: unknown, theirs: unknown, root: string): boolean {
  if (ours === theirs) return true;
  if (typeof theirs === 'string' && /^\$(VOLATILE|OBJECT|DOCKER_INFO)/.test(theirs)) return true;
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return ours.length === theirs.length && ours.every((item, index) => agrees(item, theirs[index], root));
  }
  if (typeof ours === 'string' && typeof theirs === 'string') return isSamePath(ours, theirs, root);
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null)
    return false;
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].every((key) => agrees((ours as Data)[key], (theirs as Data)[key], root));
}

function isSamePath(ours: string, theirs: string, root: string): boolean {
  if (!theirs.includes('$ROOT') && !theirs.includes('$HOME')) return false;
  const neutral = ours
    .replaceAll(`${root}-home`, '$HOME')
    .replaceAll(root, '$ROOT')
    .replace(/^~(?=\/)/, '$HOME');
  if (theirs === neutral) return true;
  const expanded = posix.join('$ROOT', neutral).replace(/\/$/, '');
  // The parent of the root is written `$ROOT/..`, which a join takes apart.
  return theirs === expanded || posix.normalize(theirs) === expanded;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}
