import { escapeRegExp } from '../../../core/escape-regexp.ts';
import type {
  ChangedFile,
  InstalledPackage,
  Known,
  PackageFacts,
  PackageManager,
  PackageProvider,
  PackageTable,
} from '../../../core/system-facts.ts';
import { failureOf, type Ran, type SystemRows } from './rows.ts';

/** Undefined when no package was asked for. Pure. */
export function packagesOf(rows: SystemRows): PackageFacts | undefined {
  const tables = rows.commands('packages');
  if (tables.size === 0) return undefined;
  const map = <T>(word: string, read: (ran: Ran) => T): Map<string, T> =>
    new Map([...rows.commands(word)].map(([name, ran]) => [name, read(ran)]));
  return {
    tables: [...tables].map(([key, ran]) => tableOf(key, ran)),
    repos: map('repo', reposOf),
    changed: map('verify', changedFiles),
  };
}

function tableOf(key: string, ran: Ran): PackageTable {
  const [provider, folder] = JSON.parse(key) as [PackageProvider, string];
  const base = { provider, folder: folder === '' ? undefined : folder, leftovers: [] };
  const lines = ran.text.split('\n');
  const empty = (source: string, error: string): PackageTable => ({ ...base, installed: [], source, error });
  const why = failureOf(ran, provider === 'system' ? 'the package manager' : 'sh');
  if (why !== undefined) return empty(provider, why);
  if (provider !== 'system') return folderTable(base, provider, lines, empty);
  const word = /^manager (\S+)(?:: (.*))?$/.exec(lines[0] ?? '');
  const manager = (['dpkg', 'rpm', 'apk'] as const).find((one) => one === word?.[1]);
  if (manager === undefined) return empty('system', word?.[2] ?? 'no package manager answered');
  const { installed, leftovers } = manager === 'apk' ? apkTable(lines) : tabbedTable(lines, manager);
  return { ...base, manager, installed, leftovers, source: manager };
}

type Listed = Pick<PackageTable, 'installed' | 'leftovers'>;

function tabbedTable(lines: readonly string[], manager: PackageManager): Listed {
  const locks = lines.filter((line) => line.startsWith('lock ')).map((line) => line.slice(5));
  const rows = lines.map((line) => line.split('\t')).filter((fields) => fields.length === 5);
  const isLocked = (name: string): boolean =>
    locks.some((lock) => lock.startsWith(`${name}-`) || lock === name);
  const installed: InstalledPackage[] = [];
  const leftovers: { name: string; state: string }[] = [];
  for (const [name = '', architecture = '', want, state = '', version = ''] of rows) {
    // dpkg calls a package that waits for triggers of others installed in all but name.
    const isThere = /^(installed|triggers-pending|triggers-awaited)$/.test(state);
    const held = manager === 'dpkg' ? want === 'hold' : isLocked(name);
    if (isThere) installed.push({ name, version, architecture, held });
    else if (state !== 'not-installed') leftovers.push({ name, state });
  }
  return { installed, leftovers };
}

/** Records of P:, V: and A: lines; a name with a version in /etc/apk/world is pinned. */
function apkTable(lines: readonly string[]): Listed {
  const pins = lines.filter((line) => /^lock .*[=<>~]/.test(line)).map((line) => line.slice(5));
  const installed: { name: string; version: string; architecture?: string; held: boolean }[] = [];
  for (const line of lines) {
    const value = line.slice(2);
    const last = installed.at(-1);
    if (line.startsWith('P:')) {
      const held = pins.some((pin) => pin.replace(/[=<>~@].*/, '') === value);
      installed.push({ name: value, version: '', held });
    } else if (last && line.startsWith('V:')) last.version = value;
    else if (last && line.startsWith('A:')) last.architecture = value;
  }
  return { installed, leftovers: [] };
}

const NO_FOLDER = {
  gem: 'no folder of gems',
  pip: 'no folder of Python packages',
  npm: 'no folder of Node modules',
} as const;

function folderTable(
  base: Pick<PackageTable, 'provider' | 'folder' | 'leftovers'>,
  provider: 'gem' | 'pip' | 'npm',
  lines: readonly string[],
  empty: (source: string, error: string) => PackageTable,
): PackageTable {
  const rest = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const dirs = rest('dir');
  if (dirs.length === 0) {
    const where = base.folder === undefined ? 'on the instance' : `in ${base.folder}`;
    return empty(provider, `${NO_FOLDER[provider]} ${where}`);
  }
  const read = { gem: gemOf, pip: pythonPackageOf };
  const installed =
    provider === 'npm'
      ? nodeModules(rest('json'), rest('name'))
      : rest('spec').flatMap((name) => read[provider](name) ?? []);
  return { ...base, installed, source: `${provider} in ${dirs.join(', ')}` };
}

/** `nokogiri-1.13.10-x86_64-linux.gemspec` */
function gemOf(file: string): InstalledPackage | undefined {
  const found = /^(.+?)-(\d[^-]*)(?:-(.+))?\.gemspec$/.exec(file);
  return found ? { name: found[1] ?? '', version: found[2] ?? '' } : undefined;
}

/** `PyYAML-6.0.dist-info`, `PyYAML-6.0-py3.11.egg-info`; names compare as in PEP 503. */
function pythonPackageOf(folder: string): InstalledPackage | undefined {
  const found = /^(.+?)-(\d.*?)(?:-py\d[\d.]*)?\.(?:dist|egg)-info$/.exec(folder);
  return found ? { name: normalPythonName(found[1] ?? ''), version: found[2] ?? '' } : undefined;
}

export function normalPythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function nodeModules(jsons: readonly string[], names: readonly string[]): InstalledPackage[] {
  const asked = jsons.flatMap((text): InstalledPackage[] => {
    try {
      const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown };
      return typeof name === 'string' && typeof version === 'string' ? [{ name, version }] : [];
    } catch {
      return [];
    }
  });
  const others = names
    .map((path) => path.replace(/\/package\.json$/, ''))
    .filter((name) => !asked.some((one) => one.name === name));
  return [...asked, ...others.map((name) => ({ name, version: '' }))];
}

/** Of apt-cache policy: the sources below the installed version (`***`). */
function reposOf(ran: Ran): Known<readonly string[]> {
  const why = failureOf(ran, 'the package manager');
  if (why !== undefined)
    return { error: why.includes('exit code 9:') ? why.replace(/^.*exit code 9: /, '') : why };
  const [first = '', ...lines] = ran.text.split('\n');
  if (first === 'manager rpm') return { value: lines.map((line) => line.trim()).filter(Boolean) };
  if (first === 'manager apk') {
    const sources = lines.map((line) => line.trim()).filter((line) => /^(https?:|\/|@)/.test(line));
    return { value: sources };
  }
  const at = lines.findIndex((line) => line.startsWith(' *** '));
  if (at < 0) return { error: 'apt-cache policy names no installed version' };
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => !/^ {6,}/.test(line));
  const sources = (end < 0 ? below : below.slice(0, end)).map((line) => line.trim().replace(/^-?\d+ /, ''));
  const repos = sources.filter((text) => text !== '/var/lib/dpkg/status' && text !== '');
  if (repos.length > 0) return { value: repos.map((text) => text.replace(/ Packages$/, '')) };
  if (
    !lines
      .slice(0, at)
      .concat(below)
      .some((line) => /^\s+-?\d+ (https?|file|copy|cdrom):/.test(line))
  )
    return { error: "apt's lists of packages are empty or do not have it (apt-get update fills them)" };
  return { value: [] };
}

/** `??5?????? c /etc/x` and `missing     /usr/share/doc/x` of dpkg --verify and rpm -V. */
function changedFiles(ran: Ran): Known<readonly ChangedFile[]> {
  const why = failureOf(ran, 'verifying');
  if (why !== undefined)
    return { error: why.includes('exit code 9:') ? why.replace(/^.*exit code 9: /, '') : why };
  const [first = '', ...lines] = ran.text.split('\n');
  const isDpkg = first === 'manager dpkg';
  if (isDpkg && !lines.some((line) => line.startsWith('sums ')))
    return { error: 'dpkg has no digests of its files' };
  const rules = lines.flatMap((line) => /^(path-(?:in|ex)clude) (\S.*)$/.exec(line)?.slice(1, 3) ?? []);
  const files = lines.flatMap((line): ChangedFile[] => {
    const found = /^(missing|[.?SM5DLUGTPC]{8,9}) +(?:([a-z]) +)?(\/.*)$/.exec(line);
    if (!found) return [];
    // A new time alone is no change.
    if (/^[.?T]+$/.test(found[1] ?? '')) return [];
    const path = (found[3] ?? '').replace(/ \(.*\)$/, '');
    return [{ path, isConfig: found[2] === 'c', isMissing: found[1] === 'missing' }];
  });
  return { value: files.filter((file) => !(file.isMissing && isLeftOut(file.path, rules))) };
}

/** dpkg's path-exclude and path-include: the last rule that fits decides. */
function isLeftOut(path: string, rules: readonly string[]): boolean {
  let isOut = false;
  for (let i = 0; i + 1 < rules.length; i += 2) {
    const [kind, glob = ''] = [rules[i], rules[i + 1]];
    const pattern = escapeRegExp(glob.trim()).replaceAll('\\*', '.*').replaceAll('\\?', '.');
    if (new RegExp(`^${pattern}$`, 's').test(path)) isOut = kind === 'path-exclude';
  }
  return isOut;
}
