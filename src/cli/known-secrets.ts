import { isSecretName } from '../checks/redact.ts';
import type { InstanceConfig } from '../core/kitchen.ts';

/**
 * Values that the config itself calls secret by their keys: passwords of companion services, and attributes named
 * like one. They travel into the machine, from where they may come back in output.
 */
export function knownSecrets(configs: readonly InstanceConfig[]): readonly string[] {
  return configs.flatMap((config) => {
    const services = Object.values(config.services).flatMap((s) => secretLeaves(s.environment));
    const attributes = [config, ...(config.steps ?? []).map((step) => step.config)].flatMap((one) =>
      secretLeaves(one.provisioner.settings['attributes']),
    );
    return [...services, ...attributes];
  });
}

/** A password that is also the user's or the database's name hides nothing, and masking it would hide much. */
function secretLeaves(data: unknown): readonly string[] {
  const open = new Set<string>();
  const secret = new Set<string>();
  const walk = (value: unknown, isSecret: boolean): void => {
    if (typeof value === 'string') (isSecret ? secret : open).add(value);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(item, isSecret || isSecretName(key));
    }
  };
  walk(data, false);
  return [...secret].filter((value) => !open.has(value));
}
