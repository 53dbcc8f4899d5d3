// Read at each press of the tab key, before anything else is loaded: only built-ins here, and
// a list without imports of its own.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GALLEY_PLACES } from '../config/galley-places.ts';

type Env = Readonly<Record<string, string | undefined>>;

const FILE_VARIABLES = [
  'KITCHEN_YAML',
  'KITCHEN_YML',
  'KITCHEN_LOCAL_YAML',
  'KITCHEN_LOCAL_YML',
  'KITCHEN_GLOBAL_YAML',
  'KITCHEN_GLOBAL_YML',
] as const;

const USUAL_FILES = [
  'kitchen.yml',
  '.kitchen.yml',
  'kitchen.local.yml',
  '.kitchen.local.yml',
  ...GALLEY_PLACES,
];

interface Cached {
  readonly v: 1;
  /** What the names were read from: each file that exists with its time and size. */
  readonly key: string;
  readonly names: readonly string[];
}

/**
 * Identifies the kitchen's files as they are now, without reading them. Names that a template takes from elsewhere
 * (an environment variable, another file) may be outdated for the tab key until a kitchen file is saved.
 */
export function namesKey(cwd: string, env: Env): string {
  const variables = FILE_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  const home = env['HOME'] ? [join(env['HOME'], '.kitchen', 'config.yml')] : [];
  const files = [...USUAL_FILES, ...variables.map(([, file]) => file ?? ''), ...home].flatMap((name) => {
    const file = resolve(cwd, name);
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.isFile() ? [[name, found.mtimeMs, found.size]] : [];
  });
  return JSON.stringify([variables, files]);
}

/** The remembered names of the kitchen's instances, or undefined when its files have changed since. */
export function cachedNames(cwd: string, key: string): readonly string[] | undefined {
  try {
    const cached = JSON.parse(readFileSync(join(cwd, '.galley', 'names.json'), 'utf8')) as Cached;
    return cached.v === 1 && cached.key === key ? cached.names : undefined;
  } catch {
    return undefined;
  }
}

/** Not being able to remember costs only time. */
export function rememberNames(cwd: string, key: string, names: readonly string[]): void {
  const file = join(cwd, '.galley', 'names.json');
  const cached: Cached = { v: 1, key, names };
  try {
    mkdirSync(join(cwd, '.galley'), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(cached));
    renameSync(temporary, file);
  } catch {
    // A read-only folder: the names are read anew each time.
  }
}
