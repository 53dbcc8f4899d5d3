import { isSecretName, redactText } from '../checks/redact.ts';
import type { SourceLocation } from '../core/errors.ts';
import type { InstanceConfig, PathSegment } from '../core/kitchen.ts';
import { printable } from '../reporters/format/text.ts';
import { isNoSecret } from './no-secret.ts';

/** What settings begin with. */
export const SECTIONS = [
  'driver',
  'transport',
  'provisioner',
  'verifier',
  'lifecycle',
  'services',
  'tags',
] as const;
/** What a step may have of its own. */
const STEP_SECTIONS: ReadonlySet<string> = new Set(['provisioner', 'verifier', 'lifecycle']);

interface Value {
  readonly path: readonly PathSegment[];
  readonly value: unknown;
}

/** One setting, and where it is written; a default is not. */
export interface Setting extends Value {
  readonly place: SourceLocation | undefined;
}

/**
 * The settings at or below a dotted key, all without one: those of the instance, then of each step `steps.NAME.…` what is
 * other than the suite's, or all of it when a step is asked for.
 */
export function settingsOf(config: InstanceConfig, key?: string): readonly Setting[] {
  return allSettings(config, key).filter(({ path }) => isAtOrBelow(path.join('.'), key));
}

function allSettings(config: InstanceConfig, key: string | undefined): readonly Setting[] {
  const own = ownSettings(config);
  const base = config.from
    ? [{ path: ['from'], value: config.from.suite, place: config.locate(['from']) }]
    : [];
  const known = new Set(own.map((setting) => JSON.stringify(setting)));
  const steps = (config.steps ?? []).flatMap((step) => {
    const prefix = ['steps', step.name];
    const isAskedFor = key !== undefined && isAtOrBelow(key, prefix.join('.'));
    return ownSettings(step.config)
      .filter(({ path }) => STEP_SECTIONS.has(String(path[0])))
      .filter((setting) => isAskedFor || !known.has(JSON.stringify(setting)))
      .map((setting) => ({ ...setting, path: [...prefix, ...setting.path] }));
  });
  return [...base, ...own, ...steps];
}

function ownSettings(config: InstanceConfig): readonly Setting[] {
  return valuesOf(config).map((setting) => ({ ...setting, place: config.locate(setting.path) }));
}

function valuesOf(config: InstanceConfig): readonly Value[] {
  return SECTIONS.flatMap((section) => {
    if (section === 'lifecycle' || section === 'services' || section === 'tags')
      return below([section], config[section]);
    const { name, settings } = config[section];
    const named = name === undefined ? [] : [{ path: [section, 'name'], value: name }];
    return [...named, ...below([section], settings)];
  });
}

function below(path: readonly PathSegment[], value: unknown): readonly Value[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  const entries: readonly (readonly [PathSegment, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  if (entries.length === 0) return path.length > 1 ? [{ path, value }] : [];
  return entries.flatMap(([key, item]) => below([...path, key], item));
}

function isAtOrBelow(path: string, key: string | undefined): boolean {
  return key === undefined || path === key || path.startsWith(`${key}.`);
}

/** The value of a setting as JSON, without secrets. */
export function shownSetting(path: readonly PathSegment[], value: unknown): string {
  const own = path[0] === 'steps' ? path.slice(2) : path;
  // `key:` of an env check holds the name of a variable, not its value.
  const named = own.filter(
    (segment, at) => segment !== 'key' && !(at === 1 && isNoSecret(own[0], String(segment), value)),
  );
  if (typeof value === 'string' && named.some((segment) => isSecretName(String(segment)))) return '(secret)';
  if (typeof value === 'string' && isEnvValue(own)) return '(secret)';
  return printable(JSON.stringify(typeof value === 'string' ? redactText(value) : value));
}

/** Attributes of an env check whose values verify never shows either. */
function isEnvValue(path: readonly PathSegment[]): boolean {
  return (
    path[0] === 'verifier' && path[1] === 'checks' && ['value', 'each', 'unitValue'].includes(String(path[3]))
  );
}
