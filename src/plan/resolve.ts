import type { CheckDeclaration } from '../core/check.ts';
import type { CreateRequest, Driver } from '../core/driver.ts';
import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { Action, Instance } from '../core/instance.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { Provisioner } from '../core/provisioner.ts';
import type { KnownTest, TestSuite } from '../core/test-suite.ts';
import type { Transport } from '../core/transport.ts';
import { type DeclaredChecks } from './checks-of.ts';
import { choosePlugin, chooseTransport, usesOwnSettings } from './choose-plugins.ts';
import { checksOf, declaredChecks, requireChecks } from './declared-checks.ts';
import { type Hooks, planHooks } from './hooks.ts';
import { locationOf } from './location-of.ts';
import { type Plugins } from './plugins.ts';
import { assertServicesInReach } from './services-in-reach.ts';
import { readSettings, type SettingNote } from './setting-notes.ts';
import { resolveSuite } from './test-suite.ts';

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
  /** `verifier.wait`: must pass before the checks are looked at. Empty when the actions do not include `verify`. */
  readonly gates: readonly CheckDeclaration[];
  /** Having nothing to verify is no error. */
  readonly allowEmpty: boolean;
  /** Gates and checks whatever the actions are, as far as they can be parsed. */
  readonly declared: readonly CheckDeclaration[];
  /** The existing tests that the kitchen names as verifier, with their settings; they run after the checks. */
  readonly suite:
    | {
        readonly plugin: TestSuite;
        readonly config: unknown;
        /** These tests alone. */
        readonly only?: readonly KnownTest[];
      }
    | undefined;
  readonly request: CreateRequest;
  /** Those that the actions can reach. */
  readonly hooks: Hooks;
  /**
   * In order; empty for a suite without steps. What a suite with steps says of provisioner and checks itself is only
   * the common part of its steps, so there these fields are those of the last step.
   */
  readonly steps: readonly ResolvedStep[];
  /** What there is to say about settings that stops nothing. */
  readonly notes: readonly SettingNote[];
}

/** The same instance with the provisioner, checks and hooks of one step. */
export interface ResolvedStep {
  readonly name: string;
  readonly resolved: ResolvedInstance;
}

/** What each step has for itself. */
type Work = Pick<
  ResolvedInstance,
  | 'config'
  | 'notes'
  | 'provisioner'
  | 'provisionerConfig'
  | 'checks'
  | 'gates'
  | 'allowEmpty'
  | 'declared'
  | 'suite'
  | 'hooks'
>;

const NO_CHECKS: DeclaredChecks = { checks: [], gates: [], allowEmpty: false };

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

type Attempt = <T>(work: () => T) => T | undefined;

function resolveInstance(
  config: InstanceConfig,
  plugins: Plugins,
  actions: ReadonlySet<Action>,
): ResolvedInstance | { readonly errors: readonly GalleyError[] } {
  const errors: GalleyError[] = [];
  const attempt: Attempt = (work) => {
    try {
      return work();
    } catch (error) {
      if (error instanceof GalleyErrors) errors.push(...error.errors);
      else if (error instanceof GalleyError) errors.push(error);
      else throw error;
      return undefined;
    }
  };
  const driver = attempt(() =>
    choosePlugin(config, 'driver', plugins.drivers, config.driver.name ?? 'docker'),
  );
  const notes: SettingNote[] = [];
  const transport = attempt(() => chooseTransport(config, plugins.transports, driver, notes));
  const driverConfig =
    driver && attempt(() => readSettings(config, 'driver', driver, notes, { among: plugins.drivers }));
  const transportConfig =
    transport &&
    attempt(() =>
      usesOwnSettings(config, transport)
        ? readSettings(config, 'transport', transport, notes, { among: plugins.transports })
        : transport.config.parse({}),
    );
  const doubt =
    driverConfig !== undefined && actions.has('create') && driver?.doubt?.(config.instance, driverConfig);
  if (doubt) notes.push({ level: 'warning', message: doubt, ...locationOf(config, ['platform']) });
  if (driver && transport && transportConfig)
    attempt(() => assertServicesInReach(config, driver, transport, transportConfig));
  const steps = config.steps ?? [];
  // On the way to the converge of the last step the others are verified.
  const reached =
    steps.length > 0 && actions.has('converge') ? new Set<Action>([...actions, 'setup', 'verify']) : actions;
  if (steps.length > 0 && reached.has('verify')) attempt(() => requireChecks(config, plugins));
  const isStep = steps.length > 0;
  const works = (isStep ? steps.map((step) => step.config) : [config]).map((one) =>
    resolveWork(one, plugins, reached, attempt, isStep),
  );
  const hooks = attempt(() => hooksOf(config, actions));
  const last = works.at(-1);
  if (errors.length > 0 || !driver || !transport || !last || !hooks) return { errors };
  const done = works.filter((work) => work !== undefined);
  const hostPorts = new Set(done.flatMap((work) => portsOf(work, plugins)));
  const needsClient = done.some((work) => work.provisioner.needsClient(work.provisionerConfig));
  const request = { needsClient, hostPorts: [...hostPorts], reachedBy: transport.endpoints };
  const { instance } = config;
  const shared = { instance, driver, driverConfig, transport, transportConfig, request, steps: [] };
  return {
    ...shared,
    ...last,
    config,
    hooks,
    notes: [...notes, ...done.flatMap((work) => work.notes)],
    steps: steps.flatMap(({ name }, at) => {
      const work = works[at];
      return work ? [{ name, resolved: { ...shared, ...work } }] : [];
    }),
  };
}

function resolveWork(
  config: InstanceConfig,
  plugins: Plugins,
  actions: ReadonlySet<Action>,
  attempt: Attempt,
  isStep: boolean,
): Work | undefined {
  const provisioner = attempt(() =>
    choosePlugin(config, 'provisioner', plugins.provisioners, config.provisioner.name ?? 'chef_infra'),
  );
  const notes: SettingNote[] = [];
  const provisionerConfig =
    provisioner && attempt(() => readSettings(config, 'provisioner', provisioner, notes));
  const found = actions.has('verify') ? attempt(() => checksOf(config, plugins, isStep)) : NO_CHECKS;
  const suite = actions.has('verify') ? attempt(() => resolveSuite(config, plugins, notes)) : undefined;
  const hooks = attempt(() => hooksOf(config, actions));
  if (!provisioner || !found || !hooks) return undefined;
  const declared = declaredChecks(config, plugins, found);
  const allowEmpty = found.allowEmpty || suite?.plugin.testsNothing === true;
  return { config, notes, provisioner, provisionerConfig, ...found, allowEmpty, declared, suite, hooks };
}

function portsOf({ declared }: Work, plugins: Plugins): readonly number[] {
  return declared.flatMap((check) => plugins.verifiers.get(check.type)?.hostPorts?.(check.spec) ?? []);
}

function hooksOf(config: InstanceConfig, actions: ReadonlySet<Action>): Hooks {
  const planned = planHooks(config, actions);
  if ('errors' in planned) throw new GalleyErrors(planned.errors);
  return planned.hooks;
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
