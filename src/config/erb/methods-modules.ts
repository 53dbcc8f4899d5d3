import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { rubyRegExp } from '../ruby-regexp.ts';
import { RubyFailure } from './failure.ts';
import type { World } from './method.ts';
import { fetchKey, HASH_METHODS } from './methods-hash.ts';
import { wantText } from './methods-text.ts';
import {
  fromData,
  numeric,
  RubyFloat,
  RubyHash,
  RubyModule,
  type RubyProc,
  RubyRegexp,
  toData,
  toText,
  type Value,
} from './values.ts';
import { fromYaml, toYaml } from './yaml.ts';

/** Not imported: loading it takes a tenth of the time of a list, and templates hardly ever need it. */
const crypto = () => process.getBuiltinModule('node:crypto');

type ModuleMethod = (world: World, args: readonly Value[], block: RubyProc | undefined) => Value;

/** A method of ENV, File, Dir, YAML, JSON, …; undefined when it is not known here. */
export function moduleMethod(
  world: World,
  module: string,
  name: string,
  args: readonly Value[],
  block: RubyProc | undefined,
): Value | undefined {
  const template = /^(ERB|Erubis::Eruby|Erubi::Engine):(.*)$/s.exec(module);
  if (template && ['result', 'evaluate'].includes(name)) {
    return world.render(template[2] ?? '', template[1] === 'Erubis::Eruby');
  }
  const time = /^Time:(\d+)$/.exec(module);
  if (time) return timeMethod(new Date(Number(time[1])), name, args);
  const method = MODULES[module.replace(/^::/, '')]?.[name];
  if (method) return method(world, args, block);
  return module === 'ENV' ? HASH_METHODS[name]?.(envHash(world.env), args, block, world) : undefined;
}

const ENV: Readonly<Record<string, ModuleMethod>> = {
  '[]': ({ env }, [key = null]) => env[wantText(key)] ?? null,
  '[]=': ({ env }, [key = null, value = null]) => {
    env[wantText(key)] = value === null ? undefined : wantText(value);
    return value;
  },
  fetch: ({ env }, [key = null, fallback], block) => fetchKey(env[wantText(key)], key, fallback, block),
  'key?': ({ env }, [key = null]) => env[wantText(key)] !== undefined,
  'has_key?': ({ env }, [key = null]) => env[wantText(key)] !== undefined,
  'include?': ({ env }, [key = null]) => env[wantText(key)] !== undefined,
  'member?': ({ env }, [key = null]) => env[wantText(key)] !== undefined,
  values_at: ({ env }, keys) => keys.map((key) => env[wantText(key)] ?? null),
  delete: ({ env }, [key = null]) => {
    const before = env[wantText(key)] ?? null;
    env[wantText(key)] = undefined;
    return before;
  },
  to_h: ({ env }) => envHash(env),
  to_hash: ({ env }) => envHash(env),
  keys: ({ env }) => envHash(env).pairs.map(([key]) => key),
};

const FILE: Readonly<Record<string, ModuleMethod>> = {
  'exist?': (world, [file = null]) => existsSync(at(world, file)),
  'exists?': (world, [file = null]) => existsSync(at(world, file)),
  'file?': (world, [file = null]) => statOf(world, file)?.isFile() ?? false,
  'directory?': (world, [file = null]) => statOf(world, file)?.isDirectory() ?? false,
  'readable?': (world, [file = null]) => existsSync(at(world, file)),
  read: (world, [file = null]) => read(world, file),
  readlines: (world, [file = null]) => read(world, file).match(/[^\n]*\n|[^\n]+/g) ?? [],
  join: (_world, parts) =>
    parts
      .flatMap((part) => (Array.isArray(part) ? part : [part]))
      .map(wantText)
      .join('/')
      .replaceAll(/\/{2,}/g, '/'),
  basename: (_world, [file = null, suffix]) => {
    const base = path.basename(wantText(file));
    if (suffix === undefined) return base;
    return suffix === '.*' ? path.parse(base).name : path.basename(base, wantText(suffix));
  },
  dirname: (_world, [file = null]) => path.dirname(wantText(file)),
  extname: (_world, [file = null]) => path.extname(wantText(file)),
  expand_path: (world, [file = null, base]) => {
    const start = base === undefined || base === null ? world.cwd : at(world, base);
    return path.resolve(start, home(world, wantText(file)));
  },
  absolute_path: (world, [file = null, base]) =>
    path.resolve(base === undefined ? world.cwd : at(world, base), wantText(file)),
  realpath: (world, [file = null]) => at(world, file),
};

const DIR: Readonly<Record<string, ModuleMethod>> = {
  pwd: ({ cwd }) => cwd,
  getwd: ({ cwd }) => cwd,
  home: ({ env }) => env['HOME'] ?? null,
  'exist?': (world, [file = null]) => statOf(world, file)?.isDirectory() ?? false,
  glob: (world, patterns, block) => {
    const found = glob(world, patterns);
    if (!block) return found;
    for (const file of found) block.call([file]);
    return null;
  },
  '[]': (world, patterns) => glob(world, patterns),
  children: (world, [file = null]) => readdirSync(at(world, file)).toSorted(),
  entries: (world, [file = null]) => ['.', '..', ...readdirSync(at(world, file)).toSorted()],
};

const YAML: Readonly<Record<string, ModuleMethod>> = {
  load_file: (world, [file = null]) => fromYaml(read(world, file), wantText(file)),
  safe_load_file: (world, [file = null]) => fromYaml(read(world, file), wantText(file)),
  unsafe_load_file: (world, [file = null]) => fromYaml(read(world, file), wantText(file)),
  load: (_world, [text = null]) => fromYaml(wantText(text), 'the text'),
  safe_load: (_world, [text = null]) => fromYaml(wantText(text), 'the text'),
  unsafe_load: (_world, [text = null]) => fromYaml(wantText(text), 'the text'),
  dump: (_world, [value = null]) => toYaml(value),
};

const JSON_MODULE: Readonly<Record<string, ModuleMethod>> = {
  parse: (_world, [text = null]) => {
    try {
      return fromData(JSON.parse(wantText(text)));
    } catch (error) {
      throw error instanceof RubyFailure
        ? error
        : new RubyFailure('JSON::ParserError', (error as Error).message);
    }
  },
  load: (_world, [text = null]) => fromData(JSON.parse(wantText(text))),
  load_file: (world, [file = null]) => fromData(JSON.parse(read(world, file))),
  generate: (_world, [value = null]) => JSON.stringify(toData(value)),
  dump: (_world, [value = null]) => JSON.stringify(toData(value)),
  pretty_generate: (_world, [value = null]) => JSON.stringify(toData(value), undefined, 2),
};

const KERNEL: Readonly<Record<string, ModuleMethod>> = {
  Integer: (_world, [value = null]) => {
    const number =
      typeof value === 'string' ? Number(value.replaceAll('_', '') || Number.NaN) : numeric(value);
    if (number === undefined || Number.isNaN(number)) {
      throw new RubyFailure('ArgumentError', `invalid value for Integer(): ${JSON.stringify(toData(value))}`);
    }
    return Math.trunc(number);
  },
  Float: (_world, [value = null]) => {
    const number = Number(toText(value) || Number.NaN);
    if (Number.isNaN(number))
      throw new RubyFailure('ArgumentError', `invalid value for Float(): ${toText(value)}`);
    return new RubyFloat(number);
  },
  String: (_world, [value = null]) => toText(value),
  Array: (_world, [value = null]) => {
    if (Array.isArray(value)) return value;
    return value === null
      ? []
      : value instanceof RubyHash
        ? value.pairs.map(([key, one]) => [key, one])
        : [value];
  },
};

/** Templates within the template are modules whose name carries their text. */
const templateClass = (name: string): Readonly<Record<string, ModuleMethod>> => ({
  new: (_world, [text = null]) => new RubyModule(`${name}:${wantText(text)}`),
});

const now = (): RubyModule => new RubyModule(`Time:${Date.now()}`);

const MODULES: Readonly<Record<string, Readonly<Record<string, ModuleMethod>>>> = {
  ENV,
  File: FILE,
  IO: { read: (world, [file = null]) => read(world, file) },
  Dir: DIR,
  YAML,
  Psych: YAML,
  JSON: JSON_MODULE,
  Kernel: KERNEL,
  ERB: templateClass('ERB'),
  'Erubis::Eruby': templateClass('Erubis::Eruby'),
  Hash: {
    new: (_world, [fallback = null]) => Object.assign(new RubyHash(), { fallback }),
    '[]': (_world, [pairs = null]) =>
      pairs instanceof RubyHash
        ? RubyHash.from(pairs.pairs)
        : RubyHash.from((pairs as Value[]).map((pair) => pair as [Value, Value])),
  },
  Array: {
    new: (_world, [count = 0, fill = null], block) =>
      Array.from({ length: Number(count) }, (_, index) => (block ? block.call([index]) : fill)),
  },
  SecureRandom: {
    hex: (_world, [bytes = null]) =>
      crypto()
        .randomBytes(Number(bytes ?? 16))
        .toString('hex'),
    uuid: () => crypto().randomUUID(),
  },
  Socket: { gethostname: () => hostname() },
  Etc: { getlogin: ({ env }) => env['USER'] ?? null },
  Time: { now },
  DateTime: { now },
  Gem: { 'win_platform?': () => process.platform === 'win32' },
  String: { new: (_world, [text = '']) => text },
  Regexp: {
    new: (_world, [text = null]) => new RubyRegexp(wantText(text), rubyRegExp(wantText(text))),
    escape: (_world, [text = null]) => wantText(text).replaceAll(/[.*+?^${}()|[\]\\\-\s]/g, '\\$&'),
  },
};

/** `Time.now` and what is asked of it, in UTC as in containers. */
function timeMethod(time: Date, name: string, [pattern = null]: readonly Value[]): Value | undefined {
  const two = (number: number) => String(number).padStart(2, '0');
  const fields: Readonly<Record<string, string>> = {
    Y: String(time.getUTCFullYear()),
    m: two(time.getUTCMonth() + 1),
    d: two(time.getUTCDate()),
    H: two(time.getUTCHours()),
    M: two(time.getUTCMinutes()),
    S: two(time.getUTCSeconds()),
    F: time.toISOString().slice(0, 10),
    T: time.toISOString().slice(11, 19),
    s: String(Math.floor(time.getTime() / 1000)),
    L: String(time.getUTCMilliseconds()).padStart(3, '0'),
  };
  if (name === 'to_i') return Math.floor(time.getTime() / 1000);
  if (name === 'to_f') return new RubyFloat(time.getTime() / 1000);
  if (name === 'year') return time.getUTCFullYear();
  if (name === 'utc') return new RubyModule(`Time:${time.getTime()}`);
  if (name === 'strftime') {
    const text = wantText(pattern).replaceAll(
      /%([A-Za-z])/g,
      (whole, field: string) => fields[field] ?? whole,
    );
    return /%[A-Za-z]/.test(text) ? undefined : text;
  }
  return undefined;
}

function envHash(env: Readonly<Record<string, string | undefined>>): RubyHash {
  return RubyHash.from(
    Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

function at(world: World, file: Value): string {
  return path.resolve(world.cwd, home(world, wantText(file)));
}

function home(world: World, file: string): string {
  return world.env['HOME'] ? file.replace(/^~(?=$|\/)/, world.env['HOME']) : file;
}

function statOf(world: World, file: Value) {
  return statSync(at(world, file), { throwIfNoEntry: false });
}

/** The largest file that a template may pull in. */
const MAX_READ = 4 * 1024 * 1024;

function read(world: World, file: Value): string {
  const found = statOf(world, file);
  if (!found) {
    throw new RubyFailure('Errno::ENOENT', `No such file or directory @ rb_sysopen - ${wantText(file)}`);
  }
  if (found.isDirectory())
    throw new RubyFailure('Errno::EISDIR', `Is a directory @ io_fread - ${wantText(file)}`);
  if (!found.isFile() || found.size > MAX_READ)
    throw new RubyFailure('IOError', `${wantText(file)} is too large`);
  return readFileSync(at(world, file), 'utf8');
}

function glob(world: World, patterns: readonly Value[]): Value[] {
  const all = patterns.flatMap((pattern) => (Array.isArray(pattern) ? pattern : [pattern]));
  return all
    .filter((pattern) => typeof pattern === 'string')
    .flatMap((pattern) => {
      const text = home(world, pattern);
      // Ruby's glob leaves dotfiles out and sorts.
      const found = globSync(text, { cwd: world.cwd }).filter((file) => !path.basename(file).startsWith('.'));
      return found.toSorted();
    });
}
