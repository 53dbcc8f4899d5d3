import { isSecretName } from '../checks/redact.ts';
import type { InstanceConfig } from '../core/kitchen.ts';

/** Settings that hold variables for a process or inputs of tests; what is named like a secret in them is one. */
const ENVIRONMENTS = new Set(['env', 'env_vars', 'environment', 'inputs']);
/** Keys that hold a password itself, wherever they stand; other secret-sounding keys often hold paths. */
const PASSWORD = /^(.*_)?(password|passphrase)$/i;
const URL_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/([^\s:/?#@]*):([^\s/?#]+)@/i;

/**
 * Values that the config itself calls secret by their keys: passwords of companion services, attributes and variables
 * named like one, passwords in the settings of plugins and in URLs. They travel into the machine, from where they may
 * come back in output. `bases`: what the instances start from, which the run may make.
 */
export function knownSecrets(
  configs: readonly InstanceConfig[],
  bases: ReadonlyMap<string, { readonly config: InstanceConfig }> = new Map(),
): readonly string[] {
  const steps = (config: InstanceConfig): readonly InstanceConfig[] =>
    (config.steps ?? []).map((step) => step.config);
  const all = [...configs, ...[...bases.values()].map((base) => base.config)]
    .flatMap((one) => [one, ...steps(one)])
    .flatMap((config) => {
      const { driver, transport, provisioner, verifier, lifecycle, services } = config;
      const { attributes, ...settings } = provisioner.settings;
      const plugins = [driver.settings, transport.settings, settings, verifier.settings, lifecycle];
      return [
        ...Object.values(services).flatMap((s) => secretLeaves(s.environment, isSecretName)),
        ...secretLeaves(attributes, isSecretName),
        ...plugins.flatMap((one) => secretLeaves(one, (key) => PASSWORD.test(key))),
        ...plugins.flatMap(environments).flatMap((one) => secretLeaves(one, isSecretName)),
      ];
    });
  return [...new Set(all)];
}

/** A password that is also the user's or the database's name hides nothing, and masking it would hide much. */
function secretLeaves(data: unknown, isSecretKey: (key: string) => boolean): readonly string[] {
  const open = new Set<string>();
  const secret = new Set<string>();
  const walk = (value: unknown, isSecret: boolean): void => {
    if (typeof value === 'string') {
      (isSecret ? secret : open).add(value);
      for (const password of urlPasswords(value)) secret.add(password);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(item, isSecret || isSecretKey(key));
    }
  };
  walk(data, false);
  return [...secret].filter((value) => !open.has(value));
}

/** As it is written and as it is meant: a URL encodes it. */
function urlPasswords(text: string): readonly string[] {
  const [, user, written] = URL_PASSWORD.exec(text) ?? [];
  // A reference to another value is not the value; a password that is the user's name hides nothing.
  if (written === undefined || written === user || written.includes('${')) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

function environments(data: unknown): readonly unknown[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, item]) =>
    ENVIRONMENTS.has(key) && !isEnvCheck(item) ? [item] : environments(item),
  );
}

/** `env: {of: …, key: NAME}` asks for a variable: what is under `key` is its name, not its value. */
function isEnvCheck(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'of' in item && 'key' in item;
}
