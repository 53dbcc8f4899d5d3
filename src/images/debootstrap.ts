import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import { runCommand } from './run-command.ts';
import { type DebianMirrors, debianMirrors, parseDeb822, parseSourcesList } from './sources.ts';

export interface RootfsOptions {
  readonly cacheDir: string;
  /** As the engine reports it: `x86_64`, `aarch64`. */
  readonly arch: string;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const DEBIAN_ARCH: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  amd64: 'amd64',
  aarch64: 'arm64',
  arm64: 'arm64',
};

/** What debootstrap mounts, and what it starts, must not outlive it: the tree is deleted afterwards. */
const OWN_NAMESPACES = ['unshare', '--mount', '--pid', '--fork', '--kill-child'] as const;

/**
 * Makes a minimal Debian tree from a package mirror, as a tar file that the caller removes. Needs root, and
 * debootstrap, which is installed when it is missing and apt-get is there. The caller holds a lock for the suite: what
 * an earlier, killed run of it left in `cacheDir` is removed.
 */
export async function debianRootfs(suite: string, options: RootfsOptions): Promise<string> {
  const arch = archOrThrow(options.arch);
  await ensureDebootstrap(options);
  const mirrors = await hostMirrors();
  await mkdir(options.cacheDir, { recursive: true });
  const prefix = `debootstrap-${suite}-`;
  for (const left of await readdir(options.cacheDir)) {
    if (left.startsWith(prefix)) await rm(join(options.cacheDir, left), { recursive: true, force: true });
  }
  const work = await mkdtemp(join(options.cacheDir, prefix));
  const root = join(work, 'root');
  try {
    const make = ['debootstrap', '--variant=minbase', `--arch=${arch}`, suite, root, mirrors.main];
    await runCommand([...OWN_NAMESPACES, ...make], {
      signal: options.signal,
      // unshare ignores SIGTERM; its own death takes everything in the namespace along.
      killSignal: 'SIGKILL',
      onLine: (line) => {
        const seen = /^I: (Retrieving|Validating|Extracting|Unpacking|Configuring) (\S+?)(?:\.\.\.)?$/.exec(
          line,
        );
        if (seen) options.onProgress(`${suite}: ${seen[1]?.toLowerCase()} ${seen[2]}`);
      },
    });
    await finish(root, suite, await reachableSources(suite, mirrors, options.signal));
    const tar = `${work}.tar`;
    options.onProgress(`${suite}: packing`);
    await runCommand(
      ['tar', '--numeric-owner', '--sort=name', '--exclude=./dev/*', '-C', root, '-cf', tar, '.'],
      { signal: options.signal },
    );
    return tar;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The settings of Debian's official images: no archives kept, no translations, no fsync per package. */
async function finish(root: string, suite: string, sources: string): Promise<void> {
  const write = async (path: string, text: string) => writeFile(join(root, path), text);
  await write('etc/apt/sources.list', sources);
  await write('etc/apt/apt.conf.d/docker-no-languages', 'Acquire::Languages "none";\n');
  await write(
    'etc/apt/apt.conf.d/docker-clean',
    'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb || true"; };\n',
  );
  await write('etc/dpkg/dpkg.cfg.d/docker-apt-speedup', 'force-unsafe-io\n');
  await write('etc/hostname', `${suite}\n`);
  for (const folder of ['var/lib/apt/lists', 'var/cache/apt', 'var/cache/apt/archives', 'var/log', 'tmp']) {
    const path = join(root, folder);
    for (const entry of await readdir(path).catch(() => [] as string[])) {
      if (entry === 'archives' || entry === 'journal') continue;
      await rm(join(path, entry), { recursive: true, force: true });
    }
  }
  await mkdir(join(root, 'var/lib/apt/lists/partial'), { recursive: true });
  await mkdir(join(root, 'var/cache/apt/archives/partial'), { recursive: true });
  await rm(join(root, 'etc/resolv.conf'), { force: true });
}

/** Old suites lose their pockets when they leave support; a dead line would make every `apt-get update` fail. */
async function reachableSources(
  suite: string,
  mirrors: DebianMirrors,
  signal?: AbortSignal,
): Promise<string> {
  const pockets = [
    { uri: mirrors.main, suite: `${suite}-updates` },
    { uri: mirrors.security, suite: `${suite}-security` },
  ];
  const answers = await Promise.all(
    pockets.map(async (one) => {
      try {
        const url = `${one.uri}/dists/${one.suite}/InRelease`;
        const limit = AbortSignal.timeout(10_000);
        const answer = await fetch(url, {
          method: 'HEAD',
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
        });
        return answer.ok;
      } catch {
        signal?.throwIfAborted();
        return false;
      }
    }),
  );
  return [{ uri: mirrors.main, suite }, ...pockets.filter((_, at) => answers[at])]
    .map((one) => `deb ${one.uri} ${one.suite} main\n`)
    .join('');
}

const textOf = async (path: string) => readFile(path, 'utf8').catch(() => '');

async function hostMirrors(): Promise<DebianMirrors> {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder) ? (await readdir(folder)).toSorted() : [];
  const found = [...parseSourcesList(await textOf('/etc/apt/sources.list'))];
  for (const name of names) {
    const text = await textOf(join(folder, name));
    if (name.endsWith('.list')) found.push(...parseSourcesList(text));
    if (name.endsWith('.sources')) found.push(...parseDeb822(text));
  }
  const mirrors = debianMirrors(found);
  if (mirrors) return mirrors;
  throw new GalleyError({
    code: 'image.no_mirror',
    kind: 'infrastructure',
    message: 'this host uses no Debian mirror, so no Debian image can be built on it',
    details: [`looked in /etc/apt/sources.list and ${folder}`],
    hint: 'make an image registry reachable, build on a Debian host, or add a Debian archive to its apt sources',
  });
}

async function ensureDebootstrap(options: RootfsOptions): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new GalleyError({
      code: 'image.root_needed',
      kind: 'infrastructure',
      message: 'building a Debian image needs root (debootstrap makes a root file system)',
      hint: 'run `sudo galley images build` once, or pull the image from a registry that you can reach',
    });
  }
  await ensureTool(
    '/usr/sbin/debootstrap',
    'debootstrap',
    ['debootstrap', 'debian-archive-keyring'],
    options,
  );
}

/** Installs Debian packages on this host when `path` does not exist; says so first. Needs root. */
export async function ensureTool(
  path: string,
  tool: string,
  packages: readonly string[],
  options: Pick<RootfsOptions, 'onProgress' | 'signal'>,
): Promise<void> {
  if (existsSync(path)) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new GalleyError({
      code: 'image.tool_missing',
      kind: 'infrastructure',
      message: `\`${tool}\` is not installed on this machine`,
      hint: `install it (Debian, Ubuntu: \`sudo apt-get install ${packages.join(' ')}\`)`,
    });
  }
  options.onProgress(`installing ${packages.join(' ')} with apt-get`);
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'] as const;
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages] as const;
  try {
    await runCommand(install, { signal: options.signal });
  } catch {
    options.signal?.throwIfAborted();
    await runCommand([...apt, 'update'], { signal: options.signal });
    await runCommand(install, { signal: options.signal });
  }
}

function archOrThrow(arch: string): string {
  const known = DEBIAN_ARCH[arch];
  const host = DEBIAN_ARCH[process.arch === 'x64' ? 'x86_64' : process.arch];
  if (known !== undefined && known === host) return known;
  throw new GalleyError({
    code: 'image.foreign_arch',
    kind: 'infrastructure',
    message: `cannot build an image for ${arch} on this machine (${process.arch})`,
    hint: 'run `galley images build` on a machine of the same architecture as the engine',
  });
}
