import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginHost } from '../../core/plugin-host.ts';
import { type LocalFile, listFiles, sha256 } from '../../local/local-files.ts';
import { type Cookbook, loadCookbook, readMetadata } from './cookbook.ts';
import { type CookbookSource, ownFolders } from './cookbook-source.ts';
import { findTool, runTool, toolMissing } from './workstation-tool.ts';

/** What an exported Policyfile adds to the cookbooks. */
export interface ExportedPolicy {
  readonly name: string;
  readonly group: string;
  readonly namedRunLists: readonly string[];
  /** policies/, policy_groups/ and cookbook_artifacts/, below the root path under the same names. */
  readonly files: readonly LocalFile[];
}

/** All cookbooks of one source; shared by the instances of a run. */
export interface CookbookSet {
  readonly source: CookbookSource;
  readonly cookbooks: readonly Cookbook[];
  readonly policy: ExportedPolicy | undefined;
  /** Cookbooks in the kitchen's folder that a tool made copies of: messages should name these, not the copies. */
  readonly own: readonly Cookbook[];
  /** Same cookbook in two places: [used, left out]. */
  readonly duplicates: readonly (readonly [string, string])[];
  /** Those that are left out. */
  readonly leftOut: readonly Cookbook[];
}

export interface ResolveOptions {
  readonly root: string;
  readonly host: PluginHost;
  readonly signal: AbortSignal;
  readonly glob: readonly string[] | undefined;
  progress(text: string): void;
}

const CACHE_DAYS = 7;

/** Finds and reads all cookbooks of a source, running berks or chef-cli when the source asks for it. */
export async function resolveCookbooks(
  source: CookbookSource,
  options: ResolveOptions,
): Promise<CookbookSet> {
  if (source.kind === 'folders') {
    return { source, own: [], policy: undefined, ...(await loadFolders(source.folders, options)) };
  }
  const { cookbooks: own } = await loadFolders(ownFolders(options.root), options);
  if (source.kind === 'berksfile') {
    const berks = findTool(['berks'], options.host);
    if (berks === undefined) throw toolMissing('berks', 'berkshelf', source.file);
    const dir = await intoCache(options, async (temporary) => {
      options.progress('resolving cookbooks with berks');
      await runTool(
        [berks, 'vendor', join(temporary, 'vendor'), '--berksfile', source.file],
        source.file,
        options.host,
        options.signal,
      );
    });
    return { source, own, policy: undefined, ...(await loadFolders([join(dir, 'vendor')], options)) };
  }
  const chef = findTool(['chef-cli', 'chef'], options.host);
  if (chef === undefined) throw toolMissing('chef-cli', 'chef-cli', source.file);
  const group = source.policyGroup === undefined ? [] : ['--policy_group', source.policyGroup];
  const license =
    options.host.env['CHEF_LICENSE'] === undefined ? ['--chef-license', 'accept-no-persist'] : [];
  const dir = await intoCache(options, async (temporary) => {
    options.progress('resolving cookbooks with chef-cli');
    const run = (args: readonly string[]) =>
      runTool([chef, ...args, ...license], source.file, options.host, options.signal);
    if (!existsSync(source.file.replace(/\.rb$/, '.lock.json'))) await run(['install', source.file]);
    await run(['export', source.file, join(temporary, 'export'), '--force', ...group]);
  });
  const exported = join(dir, 'export');
  return {
    source,
    own,
    policy: await readPolicy(exported, source.policyGroup),
    ...(await loadFolders([join(exported, 'cookbook_artifacts')], options)),
  };
}

async function loadFolders(
  folders: readonly string[],
  options: ResolveOptions,
): Promise<Pick<CookbookSet, 'cookbooks' | 'duplicates' | 'leftOut'>> {
  const dirs: string[] = [];
  for (const folder of folders) {
    if (await isCookbook(folder)) {
      dirs.push(folder);
      continue;
    }
    for (const name of (await readdir(folder)).toSorted()) {
      const dir = join(folder, name);
      if (!name.startsWith('.') && (await stat(dir)).isDirectory()) dirs.push(dir);
    }
  }
  const byName = new Map<string, Cookbook>();
  const duplicates: (readonly [string, string])[] = [];
  const leftOut: Cookbook[] = [];
  for (const dir of dirs) {
    const cookbook = await loadCookbook(dir, options.root, options.glob);
    const first = byName.get(cookbook.name);
    if (first !== undefined) {
      duplicates.push([first.dir, dir]);
      leftOut.push(cookbook);
    }
    // A folder without metadata and without any cookbook file is something else that lies there.
    else if (cookbook.files.length > 0) byName.set(cookbook.name, cookbook);
  }
  return {
    cookbooks: [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    duplicates,
    leftOut,
  };
}

async function isCookbook(dir: string): Promise<boolean> {
  return (await readMetadata(dir)) !== undefined;
}

/** Runs `make` in a new folder and keeps the result under the hash of its content; old results are dropped. */
async function intoCache(
  options: ResolveOptions,
  make: (temporary: string) => Promise<void>,
): Promise<string> {
  const cache = join(options.host.cacheDir, 'cookbooks');
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, 'new-'));
  try {
    await make(temporary);
    const files = await listFiles(temporary);
    const digest = sha256(files.map((file) => `${file.path} ${file.mode} ${file.sha256}\n`).join('')).slice(
      0,
      16,
    );
    const kept = join(cache, digest);
    await rename(temporary, kept).catch(async (error: unknown) => {
      // Another run made the same content at the same time, or an earlier one did.
      if (!existsSync(kept)) throw error;
      await utimes(kept, new Date(), new Date());
    });
    await dropOld(cache);
    return kept;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function dropOld(cache: string): Promise<void> {
  const limit = Date.now() - CACHE_DAYS * 24 * 3600 * 1000;
  for (const name of await readdir(cache)) {
    const info = await stat(join(cache, name)).catch(() => undefined);
    if (info !== undefined && info.mtimeMs < limit)
      await rm(join(cache, name), { recursive: true, force: true });
  }
}

async function readPolicy(dir: string, group: string | undefined): Promise<ExportedPolicy> {
  const files = (await listFiles(dir)).filter((file) =>
    /^(policies|policy_groups|cookbook_artifacts)\//.test(file.path),
  );
  const policy = files.find((file) => file.path.startsWith('policies/'));
  const lock = JSON.parse(policy === undefined ? '{}' : await readFile(policy.absolute, 'utf8')) as {
    readonly name?: string;
    readonly policy_name?: string;
    readonly named_run_lists?: Record<string, unknown>;
  };
  return {
    name: lock.name ?? lock.policy_name ?? '',
    group: group ?? 'local',
    namedRunLists: Object.keys(lock.named_run_lists ?? {}),
    files,
  };
}
