import { relative } from 'node:path';
import type { InstanceConfig } from '../core/kitchen.ts';
import { slashed } from '../core/paths.ts';
import { isLitter, type Need, needOfFile, type Places } from './saved-file.ts';

/** Files that were saved, and what must be known of them. All paths are absolute. */
export interface Saved extends Places {
  readonly files: readonly string[];
  /** Files that the kitchen is or could be read from. */
  readonly kitchenFiles: readonly string[];
}

export interface WatchPlan {
  /** Those of the saved files that count, relative to the kitchen's folder. */
  readonly files: readonly string[];
  /** Those that nothing reads: neither sent nor named. */
  readonly unread: readonly string[];
  /** By instance name; an instance that is not in it is left alone. */
  readonly needs: ReadonlyMap<string, Need>;
}

/**
 * What to do about saved files. The kitchen's own files, and what they read themselves, count by what they changed for
 * each instance; all others by where they are and what names them.
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
  const add = (config: InstanceConfig, need: Need | undefined): boolean => {
    const { name } = config.instance;
    if (need !== undefined && needs.get(name) !== 'converge') needs.set(name, need);
    return need !== undefined;
  };
  // A template in the kitchen file may have read any file.
  const byConfig = after.map((config) => add(config, needOfConfig(known.get(config.instance.name), config)));
  const files: string[] = [];
  const unread: string[] = [];
  for (const file of saved.files) {
    const inside = slashed(relative(saved.root, file));
    if (saved.kitchenFiles.includes(file)) files.push(inside);
    else if (isLitter(inside)) continue;
    else if (after.filter((config) => add(config, needOfFile(file, config, suites, saved))).length > 0)
      files.push(inside);
    else unread.push(inside);
  }
  if (files.length === 0 && byConfig.includes(true)) return { files: unread, unread: [], needs };
  return { files, unread, needs };
}

type Key = Exclude<keyof InstanceConfig, 'locate' | 'instance' | 'siblings'>;
/** What of an instance's config makes a converge pointless; a machine made differently waits for its destroy. */
const WITHOUT_CONVERGE: readonly string[] = ['verifier', 'driver', 'transport', 'services'] satisfies Key[];
const WITHOUT_EFFECT: readonly string[] = ['locate', 'instance', 'siblings', 'tags'];

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
