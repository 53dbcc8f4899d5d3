import type { Action } from '../core/instance.ts';
import { plural } from '../core/plural.ts';
import type { Leg } from '../plan/legs.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';

/** What a command would do with one instance, judged from the config and the state file alone. */
export interface PlannedInstance {
  readonly instance: string;
  readonly actions: readonly Action[];
  /** For `test`: when it would be destroyed at the end. */
  readonly destroy_at_end: string | null;
  readonly driver: string;
  readonly image: string | null;
  /** At most, by the prices of the settings; null when they do not say. */
  readonly price_per_hour: number | null;
  /** What has no price, where the settings have prices. */
  readonly unpriced: readonly string[];
  readonly transport: string;
  readonly services: Readonly<Record<string, string>>;
  readonly provisioner: string;
  readonly run_list: readonly string[];
  readonly checks: number;
  /** The existing tests that run after the checks: name of the verifier. */
  readonly suite: string | null;
  /** In order, those that the actions go through; empty for a suite without steps. */
  readonly steps: readonly PlannedStep[];
  /** The instance whose snapshot it would be made from. */
  readonly from: string | null;
}

export interface PlannedStep {
  readonly step: string;
  readonly actions: readonly Action[];
  readonly provisioner: string;
  readonly run_list: readonly string[];
  readonly checks: number;
  readonly suite: string | null;
}

export function planned(
  resolved: ResolvedInstance,
  legs: readonly Leg[],
  destroyAtEnd: string | undefined,
): PlannedInstance {
  const { config } = resolved;
  const actions = legs.map((leg) => leg.action);
  return {
    instance: resolved.instance.name,
    actions,
    destroy_at_end: destroyAtEnd ?? null,
    driver: resolved.driver.name,
    image: imageOf(resolved),
    price_per_hour: resolved.driver.pricePerHour?.(resolved.instance, resolved.driverConfig) ?? null,
    transport: resolved.transport.name,
    unpriced: resolved.driver.unpriced?.(resolved.instance, resolved.driverConfig) ?? [],
    services: Object.fromEntries(Object.entries(config.services).map(([name, spec]) => [name, spec.image])),
    provisioner: resolved.provisioner.name,
    run_list: runListOf(resolved),
    checks: resolved.checks.length,
    suite: resolved.suite?.plugin.name ?? null,
    steps: resolved.steps.flatMap(({ name, resolved: step }) => {
      const own = legs.filter((leg) => leg.step === name).map((leg) => leg.action);
      if (own.length === 0) return [];
      const { provisioner, checks, suite } = step;
      const planned = {
        provisioner: provisioner.name,
        run_list: runListOf(step),
        checks: checks.length,
        suite: suite?.plugin.name ?? null,
      };
      return [{ step: name, actions: own, ...planned }];
    }),
    from: config.from?.instance ?? null,
  };
}

function runListOf({ config }: ResolvedInstance): readonly string[] {
  const runList = config.provisioner.settings['run_list'];
  return Array.isArray(runList) ? runList.map(String) : [];
}

/** The image that the instance would be made from; null when its driver uses none. */
export function imageOf(
  resolved: Pick<ResolvedInstance, 'driver' | 'driverConfig' | 'instance'>,
): string | null {
  const { driver, driverConfig, instance } = resolved;
  return driver.image?.(instance, driverConfig) ?? null;
}

export function planLines(plan: PlannedInstance): string[] {
  const isMade = plan.actions.includes('create');
  const services = Object.entries(plan.services).map(([name, image]) => `${name} (${image})`);
  const rows: (readonly [string, string])[] = [['actions', wayOf(plan)]];
  if (plan.destroy_at_end !== null)
    rows[0] = ['actions', `${rows[0]?.[1]} → destroy if ${plan.destroy_at_end}`];
  rows.push(['driver', plan.image === null ? plan.driver : `${plan.driver}, image ${plan.image}`]);
  if (isMade && plan.price_per_hour !== null) rows.push(['cost', `${plan.price_per_hour} an hour at most`]);
  if (isMade && plan.unpriced.length > 0)
    rows.push(['cost', `unknown: prices: says nothing of ${plan.unpriced.join(', ')}`]);
  if (isMade && plan.from !== null) rows.push(['from', `the snapshot of ${plan.from}`]);
  if (isMade && services.length > 0) rows.push(['services', services.join(', ')]);
  if (plan.steps.length === 0) rows.push(...workRows(plan));
  for (const step of plan.steps) {
    rows.push([
      `step ${step.step}`,
      workRows(step)
        .map(([, text]) => text)
        .join(', then '),
    ]);
  }
  return [plan.instance, ...rows.map(([label, text]) => `  ${label.padEnd(9)} ${text}`)];
}

type Work = Pick<PlannedStep, 'actions' | 'provisioner' | 'run_list' | 'checks' | 'suite'>;

function workRows(work: Work): (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [];
  if (work.actions.includes('converge')) {
    const list = work.run_list.length === 0 ? '' : `: ${work.run_list.join(', ')}`;
    rows.push(['converge', `${work.provisioner}${list}`]);
  }
  if (work.actions.includes('verify')) {
    const suite = work.suite === null ? [] : [`the tests of ${work.suite}`];
    const checks = work.suite === null || work.checks > 0 ? [plural(work.checks, 'check')] : [];
    rows.push(['verify', [...checks, ...suite].join(', then ')]);
  }
  return rows;
}

/** The actions, with the step in front of those that belong to one: `create → v1: converge → setup → verify`. */
function wayOf(plan: PlannedInstance): string {
  const inSteps = plan.steps.reduce((sum, step) => sum + step.actions.length, 0);
  const first = plan.actions.length - inSteps;
  const steps = plan.steps.map((step) => `${step.step}: ${step.actions.join(' → ')}`);
  return [...plan.actions.slice(0, first), ...steps].join(' → ');
}
