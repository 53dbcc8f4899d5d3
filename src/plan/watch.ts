import { isAbsolute, relative, sep } from 'node:path';
import type { InstanceConfig } from '../core/kitchen.ts';
import { leadsTo, UNREAD } from './changed.ts';
import type { LinkedFolders } from './cookbook-files.ts';

/** What saved files make necessary for an instance. `converge` is followed by `verify`. */
export type Need = 'converge' | 'verify';

/** Files that were saved, and what must be known of them. All paths are absolute. */
export interface Saved {
  readonly files: readonly string[];
  /** Folder of the kitchen. */
  readonly root: string;
  /** Files that the kitchen is or could be read from. */
  readonly kitchenFiles: readonly string[];
  readonly linked: LinkedFolders;
  /** Those of `files` that git ignores. */
  readonly gitIgnored: ReadonlySet<string>;
  /** Those of `files` that chefignore leaves out of their cookbook. */
  readonly chefIgnored: ReadonlySet<string>;
}

export interface WatchPlan {
  /** Those of the saved files that count, relative to the kitchen's folder. */
  readonly files: readonly string[];
  /** By instance name; an instance that is not in it is left alone. */
  readonly needs: ReadonlyMap<string, Need>;
}

/** Folders whose content is made, not written: never watched. Below a watched folder. */
export const UNWATCHED =
  /(?:^|\/)(?:\.git|\.hg|\.svn|\.galley|\.kitchen|\.vagrant|\.bundle|\.idea|\.tap|node_modules)(?:\/|$)/;
/** What editors write beside the file that is edited. */
const EDITOR_FILE =
  /(?:^|\/)(?:\.#[^/]*|#[^/]*#|4913|[^/]*~|\.?[^/]*\.sw[a-z]|[^/]*___jb_(?:tmp|old)___|\.DS_Store)$/;
/** Tools of the developer: neither converge nor checks read them. */
const DEVELOPMENT =
  /^(?:spec\/|\.delivery\/|\.rspec|\.rubocop|\.editorconfig|\.overcommit|Rakefile|Guardfile|Gemfile|Thorfile|Dangerfile|Jenkinsfile)/;
/** They decide which cookbooks there are, although cookbooks are sent without them. */
const RESOLUTION =
  /(?:^|\/)(?:Berksfile(?:\.lock)?|Policyfile(?:\.lock\.json|\.rb)|metadata\.(?:rb|json)|chefignore)$/;
const TEST = /^test\/(?:integration|recipes|smoke|acceptance|e2e)\/(?:([^/]+)\/)?/;
/** Test Kitchen's places for data of a chef-repo below the tests. */
const TEST_DATA =
  /^test\/integration\/(?:[^/]+\/)?(?:clients|data|data_bags|encrypted_data_bag_secret[^/]*|environments|nodes|roles)(?:\/|$)/;

/**
 * What to do about saved files. The kitchen's own files count by what they changed for each instance; all others by
 * where they are. In doubt an instance is converged: nobody can tell which recipe reads which file.
 *
 * `before`: the instances as they were when they were last run; `after`: as they are now. One that is new is
 * verified, which creates and converges it first.
 */
export function planWatch(
  before: readonly InstanceConfig[],
  after: readonly InstanceConfig[],
  saved: Saved,
): WatchPlan {
  const known = new Map(before.map((config) => [config.instance.name, config]));
  const suites = new Set(after.map((config) => config.instance.suite));
  const needs = new Map<string, Need>();
  const add = (config: InstanceConfig, need: Need | undefined): void => {
    const { name } = config.instance;
    if (need !== undefined && needs.get(name) !== 'converge') needs.set(name, need);
  };
  for (const config of after) add(config, needOfConfig(known.get(config.instance.name), config));
  const files: string[] = [];
  for (const file of saved.files) {
    const inside = relative(saved.root, file).split(sep).join('/');
    const concerned = after.filter((config) => leadsTo(config, file, saved));
    const need = needOfFile(file, inside, concerned.length > 0, saved);
    if (need === undefined) continue;
    files.push(inside);
    if (need === 'kitchen') continue;
    const suite = TEST.exec(inside)?.[1];
    const meant =
      concerned.length > 0
        ? concerned
        : suite !== undefined && suites.has(suite)
          ? after.filter((config) => config.instance.suite === suite)
          : after;
    for (const config of meant) add(config, need);
  }
  return { files, needs };
}

function needOfFile(
  file: string,
  inside: string,
  isNamed: boolean,
  saved: Saved,
): Need | 'kitchen' | undefined {
  if (EDITOR_FILE.test(inside) || UNWATCHED.test(inside)) return undefined;
  if (saved.kitchenFiles.includes(file)) return 'kitchen';
  if (isNamed) return saved.chefIgnored.has(file) ? undefined : 'converge';
  if (inside.startsWith('../') || isAbsolute(inside)) return undefined;
  if (saved.gitIgnored.has(file)) return undefined;
  if (TEST_DATA.test(inside)) return 'converge';
  if (TEST.test(inside)) return 'verify';
  if (RESOLUTION.test(inside)) return 'converge';
  if (UNREAD.test(inside) || DEVELOPMENT.test(inside) || saved.chefIgnored.has(file)) return undefined;
  return 'converge';
}

type Key = Exclude<keyof InstanceConfig, 'locate' | 'instance'>;
/** What of an instance's config makes a converge pointless; a machine made differently waits for its destroy. */
const WITHOUT_CONVERGE: readonly string[] = ['verifier', 'driver', 'transport', 'services'] satisfies Key[];
const WITHOUT_EFFECT: readonly string[] = ['locate', 'instance', 'tags'];

function needOfConfig(before: InstanceConfig | undefined, after: InstanceConfig): Need | undefined {
  if (before === undefined) return 'verify';
  let need: Need | undefined;
  for (const key of Object.keys({ ...before, ...after }) as Key[]) {
    if (WITHOUT_EFFECT.includes(key) || isSame(before[key], after[key])) continue;
    const found =
      key === 'lifecycle'
        ? needOfHooks(before.lifecycle, after.lifecycle)
        : key === 'steps'
          ? needOfSteps(before.steps, after.steps)
          : needOfKey(key);
    if (found === 'converge') return found;
    need ??= found;
  }
  return need;
}

function needOfKey(key: Key): Need {
  return WITHOUT_CONVERGE.includes(key) ? 'verify' : 'converge';
}

/** Steps that came or went are converged; of each other one counts what changed in it. */
function needOfSteps(before: InstanceConfig['steps'] = [], after: InstanceConfig['steps'] = []): Need {
  const names = (steps: typeof before): string => JSON.stringify(steps.map((step) => step.name));
  if (names(before) !== names(after)) return 'converge';
  const needs = after.map((step, at) => needOfConfig(before[at]?.config, step.config));
  return needs.includes('converge') ? 'converge' : 'verify';
}

/** Hooks around phases that are not run again need nothing. */
function needOfHooks(
  before: InstanceConfig['lifecycle'],
  after: InstanceConfig['lifecycle'],
): Need | undefined {
  const changed = Object.keys({ ...before, ...after }).filter((name) => !isSame(before[name], after[name]));
  if (changed.some((name) => /_(?:converge|setup)$/.test(name))) return 'converge';
  return changed.some((name) => name.endsWith('_verify')) ? 'verify' : undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
