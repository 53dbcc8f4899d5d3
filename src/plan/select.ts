import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';

/**
 * Instances that any of the selectors names, in config order. A selector is `all`, an exact instance name (which
 * wins), or an unanchored regular expression; none at all selects everything. Source: Test Kitchen's
 * `parse_subcommand`, extended to several selectors.
 */
export function selectInstances(
  instances: readonly InstanceConfig[],
  selectors: readonly string[],
): readonly InstanceConfig[] {
  if (selectors.length === 0 || selectors.includes('all')) return instances;
  const chosen = new Set<InstanceConfig>();
  for (const selector of selectors) {
    const matches = matching(instances, selector);
    if (matches.length === 0) {
      throw new GalleyError({
        code: 'usage.no_such_instance',
        kind: 'usage',
        message: `no instance matches '${selector}'`,
        got: selector,
        expected: listNames(instances),
        hint: 'galley list shows the instances of this kitchen',
      });
    }
    for (const match of matches) chosen.add(match);
  }
  return instances.filter((i) => chosen.has(i));
}

function matching(instances: readonly InstanceConfig[], selector: string): readonly InstanceConfig[] {
  const exact = instances.filter((i) => i.instance.name === selector);
  if (exact.length > 0) return exact;
  let pattern: RegExp;
  try {
    pattern = new RegExp(selector);
  } catch (cause) {
    throw new GalleyError({
      code: 'usage.bad_regexp',
      kind: 'usage',
      message: `'${selector}' is neither an instance name nor a valid regular expression`,
      got: (cause as Error).message,
      hint: 'quote special characters with a backslash',
      cause,
    });
  }
  return instances.filter((i) => pattern.test(i.instance.name));
}

function listNames(instances: readonly InstanceConfig[]): string {
  const names = instances.map((i) => i.instance.name);
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `one of ${shown}, … (${names.length} in all)` : `one of ${shown}`;
}
