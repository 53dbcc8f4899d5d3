import type { Action } from '../core/instance.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';

/** What a command would do with one instance, judged from the config and the state file alone. */
export interface PlannedInstance {
  readonly instance: string;
  readonly actions: readonly Action[];
  /** For `test`: when it would be destroyed at the end. */
  readonly destroy_at_end: string | null;
  readonly driver: string;
  readonly image: string | null;
  readonly transport: string;
  readonly services: Readonly<Record<string, string>>;
  readonly provisioner: string;
  readonly run_list: readonly string[];
  readonly checks: number;
}

export function planned(
  resolved: ResolvedInstance,
  actions: readonly Action[],
  destroyAtEnd: string | undefined,
): PlannedInstance {
  const { config } = resolved;
  const runList = config.provisioner.settings['run_list'];
  return {
    instance: resolved.instance.name,
    actions,
    destroy_at_end: destroyAtEnd ?? null,
    driver: resolved.driver.name,
    image: imageOf(resolved),
    transport: resolved.transport.name,
    services: Object.fromEntries(Object.entries(config.services).map(([name, spec]) => [name, spec.image])),
    provisioner: resolved.provisioner.name,
    run_list: Array.isArray(runList) ? runList.map(String) : [],
    checks: resolved.checks.length,
  };
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
  const rows: (readonly [string, string])[] = [['actions', plan.actions.join(' → ')]];
  if (plan.destroy_at_end !== null)
    rows[0] = ['actions', `${rows[0]?.[1]} → destroy if ${plan.destroy_at_end}`];
  rows.push(['driver', plan.image === null ? plan.driver : `${plan.driver}, image ${plan.image}`]);
  if (isMade && services.length > 0) rows.push(['services', services.join(', ')]);
  if (plan.actions.includes('converge')) {
    const list = plan.run_list.length === 0 ? '' : `: ${plan.run_list.join(', ')}`;
    rows.push(['converge', `${plan.provisioner}${list}`]);
  }
  if (plan.actions.includes('verify')) {
    rows.push(['verify', plan.checks === 1 ? '1 check' : `${plan.checks} checks`]);
  }
  return [plan.instance, ...rows.map(([label, text]) => `  ${label.padEnd(9)} ${text}`)];
}
