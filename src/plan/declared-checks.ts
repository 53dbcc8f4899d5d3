import type { CheckDeclaration } from '../core/check.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import { type DeclaredChecks, readChecks } from './checks-of.ts';
import type { Plugins } from './plugins.ts';
import { isOurOwn } from './test-suite.ts';

/** Gates and checks of an instance, each of whose companions it has. Throws what is wrong with them. */
export function checksOf(config: InstanceConfig, plugins: Plugins, mayBeNone = false): DeclaredChecks {
  const found = readChecks(config, plugins.verifiers, mayBeNone || !isOurOwn(config));
  assertCompanions(config, plugins, [...found.gates, ...found.checks]);
  return found;
}

/** A single step may go unverified, a suite may not. */
export function requireChecks(config: InstanceConfig, plugins: Plugins): void {
  const all = (config.steps ?? []).map((step) => step.config.verifier.settings['checks']);
  // The refusal of an empty list is that of a suite without steps.
  if (!isOurOwn(config)) return;
  if (!all.some((checks) => Array.isArray(checks) && checks.length > 0)) checksOf(config, plugins);
}

/**
 * `create` alone must publish what a later `verify` will reach, and `converge` must remember what it will compare with;
 * broken checks are then verify's business.
 */
export function declaredChecks(
  config: InstanceConfig,
  plugins: Plugins,
  found: DeclaredChecks,
): readonly CheckDeclaration[] {
  if (found.checks.length > 0) return [...found.gates, ...found.checks];
  try {
    const { gates, checks } = checksOf(config, plugins);
    return [...gates, ...checks];
  } catch (error) {
    if (error instanceof GalleyError) return [];
    throw error;
  }
}

/** A check that asks a companion which the instance does not have can never look. */
function assertCompanions(
  config: InstanceConfig,
  plugins: Plugins,
  checks: readonly CheckDeclaration[],
): void {
  const known = Object.keys(config.services);
  const errors = checks.flatMap((check) => {
    const named = plugins.verifiers.get(check.type)?.companions?.(check.spec) ?? [];
    return named
      .filter((name) => !known.includes(name))
      .map((name) => {
        const guess = didYouMean(name, known);
        return new GalleyError({
          code: 'config.unknown_service',
          kind: 'config',
          message: `${check.type} check: ${config.instance.name} has no service '${name}'`,
          expected: known.length === 0 ? 'services of the suite' : `one of ${known.join(', ')}`,
          got: name,
          hint: guess ? `did you mean '${guess}'?` : 'declare it under services:',
          ...(check.location && { location: check.location }),
        });
      });
  });
  if (errors.length > 0) throw new GalleyErrors(errors);
}
