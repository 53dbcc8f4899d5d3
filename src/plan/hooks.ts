import { z } from 'zod';
import { timeLimit } from '../checks/duration.ts';
import { locateKeyOf } from '../config/instance-tree.ts';
import { platformFilter } from '../config/platform-filter.ts';
import { GalleyError, type SourceLocation } from '../core/errors.ts';
import type { Action } from '../core/instance.ts';
import type { InstanceConfig, PathSegment } from '../core/kitchen.ts';
import { variableName } from '../core/variable-name.ts';
import { zodIssuesToErrors } from '../core/zod-issues.ts';
import { locationOf } from './location-of.ts';

export type HookMoment = 'pre' | 'post' | 'finally';
/** Source of the first form: Test Kitchen's lifecycle hooks. `on_failure` is ours. */
export type HookName = `${HookMoment}_${Action}` | 'on_failure';

/** One command to run around a phase, or after a phase that failed. */
export interface Hook {
  readonly name: HookName;
  /** Beside the kitchen, or on the instance. */
  readonly where: 'local' | 'remote';
  /** Shell text. */
  readonly command: string;
  /** On top of what every hook gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** local: relative to the kitchen's folder; remote: a folder of the instance. */
  readonly cwd: string | undefined;
  readonly user: string | undefined;
  /** Remote only: without an instance it is left out, and a failure is only told. */
  readonly skippable: boolean;
  readonly timeoutMs: number;
  readonly location: SourceLocation | undefined;
}

/** Hooks by name, each list in the order to run; without those for other platforms. */
export type Hooks = { readonly [name in HookName]?: readonly Hook[] };

const DEFAULT_TIMEOUT_MS = 600_000;

const command = z.string().refine((text) => text.trim() !== '', 'must be a command');
const filters = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((given, context) => {
    const texts = given == null ? [] : typeof given === 'string' ? [given] : given;
    try {
      return texts.map(platformFilter);
    } catch (error) {
      const message = `not a valid regular expression (${(error as Error).message})`;
      context.addIssue({ code: 'custom', message, input: given });
      return z.NEVER;
    }
  });

/** One hook as a mapping; a text is a local one. */
export const HookItem = z.strictObject({
  local: command.optional(),
  remote: command.optional(),
  includes: filters,
  excludes: filters,
  environment: z
    .record(variableName, z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .nullish(),
  cwd: z.string().nullish(),
  user: z.string().nullish(),
  skippable: z.boolean().nullish(),
  timeout: timeLimit().optional(),
});

/** Whether the instance of this config has something to run at one of these hooks. */
export function hasHooks(hooks: Hooks, action: Action): boolean {
  const moments: readonly HookMoment[] = ['pre', 'post', 'finally'];
  return moments.some((moment) => (hooks[`${moment}_${action}`]?.length ?? 0) > 0);
}

/**
 * Parses the hooks that these actions can reach. Every one of them is judged, those for other platforms too; what is
 * wrong is a config error at its place in the file.
 */
export function planHooks(
  config: InstanceConfig,
  actions: ReadonlySet<Action>,
): { readonly hooks: Hooks } | { readonly errors: readonly GalleyError[] } {
  const names: HookName[] = [...actions].flatMap(
    (action) => [`pre_${action}`, `post_${action}`, `finally_${action}`] as const,
  );
  if (actions.size > 0) names.push('on_failure');
  const hooks: { [name in HookName]?: readonly Hook[] } = {};
  const errors: GalleyError[] = [];
  for (const name of names) {
    const raw = config.lifecycle[name];
    if (raw === undefined) continue;
    const parsed = raw.map((value, index) => parseHook(config, name, index, value));
    errors.push(...parsed.flatMap((one) => ('errors' in one ? one.errors : [])));
    hooks[name] = parsed.flatMap((one) => ('hook' in one && one.hook ? [one.hook] : []));
  }
  return errors.length > 0 ? { errors } : { hooks };
}

/** `hook` is undefined for one that is not meant for this platform. */
function parseHook(
  config: InstanceConfig,
  name: HookName,
  index: number,
  raw: unknown,
): { readonly hook: Hook | undefined } | { readonly errors: readonly GalleyError[] } {
  const path = ['lifecycle', name, index];
  const value = typeof raw === 'string' ? { local: raw } : raw;
  const result = HookItem.safeParse(value);
  if (!result.success) {
    const errors = zodIssuesToErrors(result.error.issues, {
      locate: (at) => config.locate(at),
      locateKey: (at) => locateKeyOf(config, at),
      pathPrefix: path,
      schema: HookItem,
      value,
    });
    return { errors };
  }
  const { local, remote, includes, excludes, environment, cwd, user, skippable, timeout } = result.data;
  const fault = (key: string | undefined, message: string, hint: string) => ({
    errors: [hookError(config, key === undefined ? path : [...path, key], `${name}: ${message}`, hint)],
  });
  if ((local === undefined) === (remote === undefined)) {
    return local === undefined
      ? fault(undefined, 'a hook without a command', 'add `local: COMMAND` or `remote: COMMAND`')
      : fault('remote', 'a hook is either local or remote', 'make two hooks of it: a list of two items');
  }
  if (skippable === true && local !== undefined) {
    return fault('skippable', '`skippable` is for remote hooks', 'end the command with `|| true` instead');
  }
  if (name === 'post_destroy' && remote !== undefined && skippable !== true) {
    return fault(
      'remote',
      'there is no instance left to run this remote hook on',
      'use `pre_destroy`, or `local:`',
    );
  }
  const { platform } = config.instance;
  const isMeant =
    (includes.length === 0 || includes.some((is) => is(platform))) && !excludes.some((is) => is(platform));
  if (!isMeant) return { hook: undefined };
  const hook: Hook = {
    name,
    where: local === undefined ? 'remote' : 'local',
    command: local ?? remote ?? '',
    environment: environment ?? {},
    cwd: cwd ?? undefined,
    user: user ?? undefined,
    skippable: skippable ?? false,
    timeoutMs: timeout ?? DEFAULT_TIMEOUT_MS,
    location: config.locate(path),
  };
  return { hook };
}

function hookError(
  config: InstanceConfig,
  path: readonly PathSegment[],
  message: string,
  hint: string,
): GalleyError {
  return new GalleyError({
    code: 'config.bad_hook',
    kind: 'config',
    message,
    hint,
    ...locationOf(config, path),
  });
}
