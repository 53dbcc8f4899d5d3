import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { rubyRegExp } from '../ruby-regexp.ts';
import { callKnowing, options } from './arguments.ts';
import { pairOf } from './enumerable.ts';
import { RubyFailure, Unsupported } from './failure.ts';
import type { World } from './method.ts';
import { fetchKey, HASH_METHODS } from './methods-hash.ts';
import { RANGE_METHODS } from './methods-range.ts';
import { linesOf, wantText } from './methods-text.ts';
import {
  fromData,
  numeric,
  RubyFloat,
  RubyHash,
  RubyModule,
  type RubyProc,
  RubyRange,
  RubyRegexp,
  toData,
  toText,
  type Value,
} from './values.ts';
import { fromYaml, toYaml, withNames, yamlOptions } from './yaml.ts';

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
  if (method)
    return callKnowing(`${module}.${name}`, method, args, block, (seen) => method(world, seen, block));
  const ofHash = module === 'ENV' && name !== 'dig' ? HASH_METHODS[name] : undefined;
  return (
    ofHash &&
    callKnowing(`ENV.${name}`, ofHash, args, block, (seen) => ofHash(envHash(world.env), seen, block, world))
  );
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
  keys: ({ env }) => envHash(env).pairs.map(([key]) => key),
};

const FILE: Readonly<Record<string, ModuleMethod>> = {
  'exist?': (world, [file = null]) => existsSync(at(world, file)),
  'exists?': (world, [file = null]) => existsSync(at(world, file)),
  'file?': (world, [file = null]) => statOf(world, file)?.isFile() ?? false,
  'directory?': (world, [file = null]) => statOf(world, file)?.isDirectory() ?? false,
  'readable?': (world, [file = null]) => existsSync(at(world, file)),
  read: (world, given) => readText(world, given),
  readlines: (world, [file = null, ...given]) => [...linesOf(read(world, file), given)],
  foreach: (world, [file = null, ...given], block) => {
    const lines = linesOf(read(world, file), given);
    if (!block) return [...lines];
    for (const line of lines) block.call([line]);
    return null;
  },
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
  load_file: (world, given) => yamlFile(world, given),
  safe_load_file: (world, given) => yamlFile(world, given),
  unsafe_load_file: (world, given) => yamlFile(world, given),
  load: (_world, given) => yamlText(given),
  safe_load: (_world, given) => yamlText(given),
  unsafe_load: (_world, given) => yamlText(given),
  dump: (_world, [value = null]) => toYaml(value),
};

const JSON_MODULE: Readonly<Record<string, ModuleMethod>> = {
  parse: (_world, [text = null, ...given]) => {
    try {
      return withNames(fromData(JSON.parse(wantText(text))), options(given, ['symbolize_names']));
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
    const digits = typeof value === 'string' ? value.trim().replaceAll(/(?<=\d)_(?=\d)/g, '') : undefined;
    if (digits !== undefined && /^[-+]?0[\dbxo]/i.test(digits))
      throw new Unsupported('Integer of such digits', -1);
    const number =
      digits === undefined ? numeric(value) : /^[-+]?\d+$/.test(digits) ? Number(digits) : undefined;
    if (number === undefined) {
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
  Array: (world, [value = null]) => {
    if (Array.isArray(value)) return value;
    if (value instanceof RubyRange) return RANGE_METHODS['to_a']?.(value, [], undefined, world) ?? null;
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
  IO: { read: (world, given) => readText(world, given) },
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
        : Array.isArray(pairs)
          ? RubyHash.from(pairs.map(pairOf))
          : refuse('Hash[] of that'),
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

/** Names that templates may say without calling anything of them: classes to compare with, errors to raise. */
export function isKnownName(name: string): boolean {
  const plain = name.replace(/^::/, '');
  return (
    MODULES[plain] !== undefined ||
    /^(?:String|Integer|Float|Numeric|Symbol|Array|Hash|Regexp|Range|NilClass|TrueClass|FalseClass|Proc|Object)$/.test(
      plain,
    ) ||
    /(?:Error|Exception)$|^Errno::/.test(plain)
  );
}

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
    return text.includes('%') ? undefined : text;
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

/** `File.read`: what opens the file in another way does not matter here, how much of it is read does. */
function readText(world: World, [file = null, ...given]: readonly Value[]): string {
  options(given, ['encoding', 'mode', 'external_encoding']);
  return read(world, file);
}

function yamlFile(world: World, [file = null, ...given]: readonly Value[]): Value {
  return withNames(fromYaml(read(world, file), wantText(file)), yamlOptions(given));
}

function yamlText([text = null, ...given]: readonly Value[]): Value {
  return withNames(fromYaml(wantText(text), 'the text'), yamlOptions(given));
}

function refuse(what: string): never {
  throw new Unsupported(what, -1);
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
  return all.flatMap((pattern) => {
    const text = home(world, typeof pattern === 'string' ? pattern : refuse('glob with options'));
    // Ruby's glob leaves dotfiles out and sorts.
    const found = globSync(text, { cwd: world.cwd }).filter((file) => !path.basename(file).startsWith('.'));
    return found.toSorted();
  });
}
