import { parseChecks } from '../checks/parse-checks.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { CheckDeclaration } from '../core/check.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import type { CreateRequest, Driver } from '../core/driver.ts';
import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { Action, Instance } from '../core/instance.ts';
import type { InstanceConfig, PathSegment, Section } from '../core/kitchen.ts';
import type { Provisioner } from '../core/provisioner.ts';
import type { Transport } from '../core/transport.ts';
import { type Hooks, planHooks } from './hooks.ts';
import { findPlugin, type Plugins } from './plugins.ts';

/** An instance with its plugins chosen and all its settings parsed: nothing left that only a run could find wrong. */
export interface ResolvedInstance {
  readonly instance: Instance;
  readonly config: InstanceConfig;
  readonly driver: Driver;
  readonly driverConfig: unknown;
  readonly transport: Transport;
  readonly transportConfig: unknown;
  readonly provisioner: Provisioner;
  readonly provisionerConfig: unknown;
  /** Empty when the actions do not include `verify`. */
  readonly checks: readonly CheckDeclaration[];
  /** The checks whatever the actions are, as far as they can be parsed. */
  readonly declared: readonly CheckDeclaration[];
  readonly request: CreateRequest;
  /** Those that the actions can reach. */
  readonly hooks: Hooks;
}

/** Verifier names that mean "the checks listed under `verifier.checks`". */
const CHECK_VERIFIERS = ['galley', 'checks'];

/**
 * Chooses plugins and parses settings for all instances; throws every finding at once as `GalleyErrors`.
 * `actions` says what will be done: settings that are not needed for it are not judged.
 */
export function resolveInstances(
  configs: readonly InstanceConfig[],
  plugins: Plugins,
  actions: ReadonlySet<Action>,
): readonly ResolvedInstance[] {
  const errors: GalleyError[] = [];
  const resolved: ResolvedInstance[] = [];
  for (const config of configs) {
    const one = resolveInstance(config, plugins, actions);
    if ('errors' in one) errors.push(...one.errors);
    else resolved.push(one);
  }
  const distinct = dropRepeated(errors);
  if (distinct.length === 1 && distinct[0]) throw distinct[0];
  if (distinct.length > 0) throw new GalleyErrors(distinct);
  return resolved;
}

function resolveInstance(
  config: InstanceConfig,
  plugins: Plugins,
  actions: ReadonlySet<Action>,
): ResolvedInstance | { readonly errors: readonly GalleyError[] } {
  const errors: GalleyError[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (error instanceof GalleyErrors) errors.push(...error.errors);
      else if (error instanceof GalleyError) errors.push(error);
      else throw error;
      return undefined;
    }
  };
  const driver = attempt(() => choose(config, 'driver', plugins.drivers, config.driver.name ?? 'docker'));
  const transport = attempt(() => chooseTransport(config, plugins.transports, driver));
  const provisioner = attempt(() =>
    choose(config, 'provisioner', plugins.provisioners, config.provisioner.name ?? 'chef_infra'),
  );
  const driverConfig = driver && attempt(() => parse(config, 'driver', driver));
  const transportConfig =
    transport &&
    attempt(() =>
      usesOwnSettings(config, transport) ? parse(config, 'transport', transport) : transport.config.parse({}),
    );
  const provisionerConfig = provisioner && attempt(() => parse(config, 'provisioner', provisioner));
  const checks = actions.has('verify') ? attempt(() => checksOf(config, plugins)) : [];
  const hooks = attempt(() => hooksOf(config, actions));
  if (errors.length > 0 || !driver || !transport || !provisioner || !checks || !hooks) return { errors };
  const hostPorts = new Set<number>();
  const declared = declaredChecks(config, plugins, checks);
  for (const check of declared) {
    const verifier = plugins.verifiers.get(check.type);
    for (const port of verifier?.hostPorts?.(check.spec) ?? []) hostPorts.add(port);
  }
  return {
    instance: config.instance,
    config,
    driver,
    driverConfig,
    transport,
    transportConfig,
    provisioner,
    provisionerConfig,
    checks,
    declared,
    hooks,
    request: { needsClient: provisioner.needsClient(provisionerConfig), hostPorts: [...hostPorts] },
  };
}

/**
 * `create` alone must publish what a later `verify` will reach, and `converge` must remember what it will compare with;
 * broken checks are then verify's business.
 */
function declaredChecks(
  config: InstanceConfig,
  plugins: Plugins,
  checks: readonly CheckDeclaration[],
): readonly CheckDeclaration[] {
  if (checks.length > 0) return checks;
  try {
    return checksOf(config, plugins);
  } catch (error) {
    if (error instanceof GalleyError) return [];
    throw error;
  }
}

function checksOf(config: InstanceConfig, plugins: Plugins): readonly CheckDeclaration[] {
  const { name } = config.verifier;
  if (name !== undefined && !CHECK_VERIFIERS.includes(name)) {
    throw new GalleyError({
      code: 'config.unknown_verifier',
      kind: 'config',
      message: `${config.instance.name}: this Galley has no verifier '${name}'`,
      expected: 'a list of checks under verifier.checks',
      hint: `remove verifier.name and list checks of the types ${[...plugins.verifiers.keys()].join(', ')}`,
      ...where(config, ['verifier', 'name']),
    });
  }
  const parsed = parseChecks(config.verifier.settings['checks'], plugins.verifiers, {
    locate: (path) => config.locate(path),
    pathPrefix: ['verifier', 'checks'],
    instance: config.instance.name,
  });
  if ('errors' in parsed) throw new GalleyErrors(parsed.errors);
  assertCompanions(config, plugins, parsed.declarations);
  return parsed.declarations;
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

function hooksOf(config: InstanceConfig, actions: ReadonlySet<Action>): Hooks {
  const planned = planHooks(config, actions);
  if ('errors' in planned) throw new GalleyErrors(planned.errors);
  return planned.hooks;
}

function choose<P extends { readonly name: string; readonly aliases: readonly string[] }>(
  config: InstanceConfig,
  section: Section,
  plugins: readonly P[],
  name: string,
): P {
  const found = findPlugin(plugins, name);
  if (found) return found;
  const known = plugins.flatMap((p) => [p.name, ...p.aliases]);
  const guess = didYouMean(name, known);
  throw new GalleyError({
    code: `config.unknown_${section}`,
    kind: 'config',
    message: `unknown ${section} '${name}'`,
    expected: `one of ${known.join(', ')}`,
    got: name,
    hint: guess
      ? `did you mean '${guess}'?`
      : `change ${section}.name to one of those${section === 'driver' ? ', or add --driver docker to run it in Docker' : ''}`,
    ...where(config, [section, 'name']),
  });
}

/** The configured transport when it can serve the driver, else the driver's own. */
function chooseTransport(
  config: InstanceConfig,
  transports: readonly Transport[],
  driver: Driver | undefined,
): Transport {
  const named = config.transport.name;
  if (named === undefined && driver) return choose(config, 'transport', transports, driver.transport);
  return choose(config, 'transport', transports, named ?? 'docker');
}

function usesOwnSettings(config: InstanceConfig, transport: Transport): boolean {
  const { name } = config.transport;
  return name === undefined || name === transport.name || transport.aliases.includes(name);
}

function parse<C>(
  config: InstanceConfig,
  section: Section,
  plugin: { readonly config: import('zod').ZodType<C> },
): C {
  const result = parseSettings(config, section, plugin.config);
  if ('errors' in result) throw new GalleyErrors(result.errors);
  return result.value;
}

function where(
  config: InstanceConfig,
  path: readonly PathSegment[],
): { location?: NonNullable<ReturnType<InstanceConfig['locate']>> } {
  const location = config.locate(path);
  return location ? { location } : {};
}

/** A mistake in a shared section is found once per instance; one report of it is enough. */
function dropRepeated(errors: readonly GalleyError[]): readonly GalleyError[] {
  const seen = new Set<string>();
  return errors.filter((e) => {
    if (!e.location) return true;
    const key = JSON.stringify([e.code, e.location, e.expected, e.got]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
