import { parseChecks } from '../checks/parse-checks.ts';
import { DEFAULT_EVENTUALLY } from '../checks/time-keys.ts';
import type { CheckDeclaration } from '../core/check.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { Verifier } from '../core/verifier.ts';
import { locationOf } from './location-of.ts';

/** What the `verifier` section says of an instance. */
export interface DeclaredChecks {
  readonly checks: readonly CheckDeclaration[];
  /** `verifier.wait`: must pass before the checks are looked at; their ids begin with `wait.`. */
  readonly gates: readonly CheckDeclaration[];
  /** Having no check, or only skipped ones, is no error. */
  readonly allowEmpty: boolean;
}

/** Keys below `verifier` that belong to our own checks and not to a test suite beside them. */
export const CHECK_KEYS: readonly string[] = ['checks', 'wait', 'allowEmpty'];

/** Reads `verifier.checks`, `wait` and `allowEmpty`; throws all findings as `GalleyErrors`. */
export function readChecks(
  config: InstanceConfig,
  verifiers: ReadonlyMap<string, Verifier>,
  mayBeNone = false,
): DeclaredChecks {
  const { settings } = config.verifier;
  const { name, suite, platform } = config.instance;
  const errors = misspelt(config);
  const allowEmpty = settings['allowEmpty'] ?? false;
  if (typeof allowEmpty !== 'boolean') errors.push(notBoolean(config, allowEmpty));
  const { siblings } = config;
  const at = { locate: config.locate.bind(config), instance: name, suite, platform, siblings };
  const checks = parseChecks(settings['checks'], verifiers, {
    ...at,
    pathPrefix: ['verifier', 'checks'],
    allowEmpty: allowEmpty === true || mayBeNone,
  });
  const gates = parseChecks(settings['wait'], verifiers, {
    ...at,
    pathPrefix: ['verifier', 'wait'],
    allowEmpty: true,
    timing: DEFAULT_EVENTUALLY,
  });
  if ('errors' in checks) errors.push(...checks.errors);
  if ('errors' in gates) errors.push(...gates.errors);
  if (errors.length > 0 || 'errors' in checks || 'errors' in gates) throw new GalleyErrors(errors);
  return {
    checks: checks.declarations,
    gates: gates.declarations.map(asGate),
    allowEmpty: allowEmpty === true,
  };
}

/** Gates and checks are two lists: the same port may be in both. */
function asGate(one: CheckDeclaration): CheckDeclaration {
  const depends = (one.depends ?? []).map((id) => `wait.${id}`);
  return { ...one, id: `wait.${one.id}`, depends };
}

/** Other keys may belong to another verifier of an existing kitchen; what is nearly one of ours is a mistake. */
function misspelt(config: InstanceConfig): GalleyError[] {
  return Object.keys(config.verifier.settings).flatMap((key) => {
    if (CHECK_KEYS.includes(key)) return [];
    const near = didYouMean(key, CHECK_KEYS);
    if (near === undefined) return [];
    return new GalleyError({
      code: 'config.unknown_key',
      kind: 'config',
      message: `unknown key '${key}' of verifier`,
      got: key,
      hint: `did you mean "${near}"?`,
      ...locationOf(config, ['verifier', key]),
    });
  });
}

function notBoolean(config: InstanceConfig, got: unknown): GalleyError {
  return new GalleyError({
    code: 'config.wrong_type',
    kind: 'config',
    message: 'allowEmpty of verifier must be true or false',
    got: JSON.stringify(got),
    hint: 'write allowEmpty: true for a suite that is meant to have no checks',
    ...locationOf(config, ['verifier', 'allowEmpty']),
  });
}
