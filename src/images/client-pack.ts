import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, relative } from 'node:path';
import { digestOf } from '../core/digest.ts';
import { GalleyError, hasCode } from '../core/errors.ts';
import type { ContextFile } from './build.ts';
import {
  BOOT,
  CLIENT_COMMANDS,
  commandWrapper,
  LOCAL_CLIENT_PATH,
  PRECOMPILE,
  RUBY_WRAPPER,
  withoutUnshift,
} from './client-boot.ts';
import { CLIENT_GEMS } from './client-gems.ts';
import { ensureTool } from './debootstrap.ts';
import { runCommand } from './run-command.ts';

export interface PackOptions {
  readonly cacheDir: string;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What a host Ruby is made of. */
interface HostRuby {
  readonly version: string;
  readonly executable: string;
  readonly std: string;
  readonly arch: string;
  /** Folder that holds `rubygems.rb` when it is not the standard library's (Debian). */
  readonly vendor: string;
  /** Folder of `ruby.h`, which exists where native gems can be compiled. */
  readonly headers: string;
}

/**
 * Files of a relocatable Chef client, path in the image → content: this host's Ruby with its standard library, the
 * pinned gems, and every shared library that any of them needs, down to the dynamic loader.
 */
export async function clientTree(options: PackOptions): Promise<Record<string, ContextFile>> {
  const ruby = await hostRuby(options);
  const gemHome = await ensureGems(ruby, options);
  options.onProgress('chef client: collecting files');
  const root = `${LOCAL_CLIENT_PATH.slice(1)}/embedded`;
  const tree: Record<string, ContextFile> = {};
  const add = async (from: string, to: string, keep: (path: string) => boolean) => {
    for (const path of await walk(from)) {
      if (keep(relative(from, path))) tree[`${to}/${relative(from, path)}`] = { localFile: path };
    }
  };
  await add(join(gemHome, 'gems'), `${root}/gems/gems`, isRuntimeFile);
  await add(join(gemHome, 'specifications'), `${root}/gems/specifications`, () => true);
  await add(join(gemHome, 'extensions'), `${root}/gems/extensions`, (path) =>
    path.endsWith('gem.build_complete'),
  );
  await add(ruby.std, `${root}/rubylib/std`, (path) => !/^gems\/|\/ri\//.test(path));
  if (ruby.arch !== ruby.std) await add(ruby.arch, `${root}/rubylib/arch`, () => true);
  if (ruby.vendor !== ruby.std) await add(ruby.vendor, `${root}/rubylib/vendor`, () => true);

  const loadPath = [
    ...(await gemLoadPath(ruby, gemHome, options)).map((path) => `/${root}/gems/gems/${path}`),
    ...['vendor', 'std', 'arch'].map((name) => `/${root}/rubylib/${name}`),
  ];
  const texts: Record<string, string> = {
    [`${root}/load_path`]: `${loadPath.join('\n')}\n`,
    [`${root}/boot.rb`]: BOOT,
    [`${root}/precompile.rb`]: PRECOMPILE,
    [`${root}/bin/ruby`]: RUBY_WRAPPER,
  };
  const below = `${root}/gems/gems/`;
  for (const [name, pattern] of CLIENT_COMMANDS) {
    const script = Object.keys(tree).find((path) => pattern.test(path.slice(below.length)));
    const file = script === undefined ? undefined : tree[script];
    if (script === undefined || file === undefined || !('localFile' in file)) continue;
    texts[script] = withoutUnshift(await readFile(file.localFile, 'utf8'));
    texts[`${LOCAL_CLIENT_PATH.slice(1)}/bin/${name}`] = commandWrapper(script.slice(below.length));
  }
  for (const [path, text] of Object.entries(texts)) tree[path] = { text };
  await addLibraries(tree, root, ruby, options);
  return tree;
}

/** Identifies what `clientTree` would make on this host. */
export function clientRecipeHash(arch: string): string {
  const recipe = [3, arch, CLIENT_GEMS, BOOT, PRECOMPILE, RUBY_WRAPPER, commandWrapper('')];
  return digestOf(recipe).slice(0, 12);
}

/** Sources of native code, tests and documentation are not needed to run. */
function isRuntimeFile(path: string): boolean {
  const [, folder = ''] = path.split('/');
  if (
    /^(ext|spec|specs|test|tests|doc|docs|sig|rbi|features|examples?|benchmarks?|sample|website|man|java|\.github|\.rubocop.*)$/.test(
      folder,
    )
  ) {
    return /\/erubis-|^erubis-/.test(path) && folder !== 'doc-api' && folder !== 'test';
  }
  return !/\.(o|c|h|md|rdoc|java|jar|rbs|rbi|gem|log|mk)$/i.test(path) || /\/templates?\//.test(path);
}

async function walk(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path))
    .toSorted();
}

async function hostRuby(options: PackOptions): Promise<HostRuby> {
  const script = `require 'json'; require 'rbconfig'
c = RbConfig::CONFIG
v = $LOAD_PATH.find { |dir| File.exist?(File.join(dir, 'rubygems.rb')) }
puts JSON.dump(version: RUBY_VERSION, executable: RbConfig.ruby, std: c['rubylibdir'], arch: c['rubyarchdir'], vendor: v,
  headers: c['rubyhdrdir'])`;
  const ask = async () => runCommand(['ruby', '-e', script], { signal: options.signal });
  const output = await ask().catch(async (error: unknown) => {
    if (!hasCode(error, 'image.tool_missing')) throw error;
    await ensureTool('/usr/bin/ruby', 'ruby', BUILD_PACKAGES, options);
    return ask();
  });
  return JSON.parse(output) as HostRuby;
}

/** What native gems need to be compiled on Debian. */
const BUILD_PACKAGES = ['ruby', 'ruby-dev', 'build-essential'];

/** Installs the pinned gems once per host; about two minutes, most of it compiling. */
async function ensureGems(ruby: HostRuby, options: PackOptions): Promise<string> {
  const key = digestOf([ruby.version, CLIENT_GEMS]).slice(0, 12);
  const home = join(options.cacheDir, 'gems', key);
  const done = join(home, '.complete');
  if (existsSync(done)) return home;
  await ensureTool(join(ruby.headers, 'ruby.h'), 'ruby-dev', BUILD_PACKAGES, options);
  await ensureTool('/usr/bin/make', 'make', BUILD_PACKAGES, options);
  await ensureTool('/usr/bin/cc', 'cc', BUILD_PACKAGES, options);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  let count = 0;
  const wrong: string[] = [];
  const argv = [
    ...gemEnvironment(home),
    `MAKEFLAGS=-j${availableParallelism()}`,
    'gem',
    'install',
    '--no-document',
    '--ignore-dependencies',
    '--force',
  ] as const;
  try {
    await runCommand([...argv, '--install-dir', home, ...installOrder()], {
      signal: options.signal,
      onLine: (line) => {
        const seen = /^Successfully installed (\S+)/.exec(line);
        if (/^(ERROR:|\*\*\*|checking for .*no$|.*[Ee]rror: )/.test(line)) wrong.push(line);
        if (seen) options.onProgress(`chef client: gem ${++count} of ${CLIENT_GEMS.length}, ${seen[1]}`);
      },
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof GalleyError) || error.code === 'docker.disk_full') throw error;
    throw new GalleyError({
      code: 'client.gems_failed',
      kind: 'infrastructure',
      message: 'the gems of the Chef client could not be installed on this machine',
      details: [error.message, ...(wrong.length > 0 ? wrong.slice(0, 12) : error.details)],
      hint: 'the gem source must answer (`gem sources`) and a C compiler must be there (`apt-get install ruby-dev build-essential`); or set `chef_image:` to an image that contains a client',
      cause: error,
    });
  }
  await writeFile(done, '');
  return home;
}

/** ffi-yajl looks for libyajl2 while it is compiled, which its gemspec's dependency does not order here. */
function installOrder(): readonly string[] {
  const isFirst = (gem: string) => gem.startsWith('libyajl2:');
  return [...CLIENT_GEMS.filter(isFirst), ...CLIENT_GEMS.filter((gem) => !isFirst(gem))];
}

/** Keeps the host's own gems out. */
const gemEnvironment = (home: string) => ['env', `GEM_HOME=${home}`, `GEM_PATH=${home}`] as const;

/** `name-version/lib` of every gem, a gem before those it depends on, as activation would order them. */
async function gemLoadPath(ruby: HostRuby, home: string, options: PackOptions): Promise<readonly string[]> {
  const script = `home = ARGV[0]
specs = Dir["#{home}/specifications/*.gemspec"].sort.map { |file| Gem::Specification.load(file) }.to_h { |s| [s.name, s] }
order = []
visit = ->(name) do
  spec = specs.delete(name) or return
  order << spec
  spec.runtime_dependencies.each { |dependency| visit.(dependency.name) }
end
visit.('chef-bin')
specs.keys.each(&visit)
order.each { |s| s.require_paths.each { |path| puts File.join(s.full_name, path) unless path.start_with?('/') } }`;
  const argv = [...gemEnvironment(home), ruby.executable, '-e', script, home] as const;
  const output = await runCommand(argv, { signal: options.signal });
  return output.split('\n').filter(Boolean);
}

/** Libraries that are opened by name at run time, so that no `ldd` shows them. */
const OPENED_BY_NAME = [
  'libnss_files.so.2',
  'libnss_dns.so.2',
  'libresolv.so.2',
  'libarchive.so.13',
  'libgcc_s.so.1',
];

async function addLibraries(
  tree: Record<string, ContextFile>,
  root: string,
  ruby: HostRuby,
  options: PackOptions,
): Promise<void> {
  const executable = realpathSync(ruby.executable);
  tree[`${root}/bin/ruby.bin`] = { localFile: executable };
  const objects = Object.entries(tree).flatMap(([path, file]) =>
    'localFile' in file && path.endsWith('.so') ? [file.localFile] : [],
  );
  const cache = await runCommand(['/sbin/ldconfig', '-p'], { signal: options.signal }).catch(() => '');
  const opened = OPENED_BY_NAME.flatMap((name) => {
    const line = cache.split('\n').find((text) => text.trim().startsWith(`${name} `));
    const path = line?.split('=>')[1]?.trim();
    return path ? [path] : [];
  });
  const argv = ['ldd', executable, ...objects, ...opened] as [string, ...string[]];
  const output = await runCommand(argv, { signal: options.signal });
  const libraries = new Set(opened);
  let loader: string | undefined;
  for (const line of output.split('\n')) {
    const found = /(?:=>\s*)?(\/\S+)\s+\(0x/.exec(line)?.[1];
    if (found === undefined) continue;
    if (/\/ld-linux/.test(found)) loader = found;
    libraries.add(found);
  }
  if (loader === undefined)
    throw new Error(`no dynamic loader found for ${executable} (is this a glibc system?)`);
  tree[`${root}/libexec/ruby`] = { localFile: realpathSync(loader) };
  for (const path of libraries) tree[`${root}/lib/${basename(path)}`] = { localFile: realpathSync(path) };
}
