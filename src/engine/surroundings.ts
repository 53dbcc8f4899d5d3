import type { Companion, Surroundings } from '../core/surroundings.ts';
import { serviceAddresses } from '../plan/service-addresses.ts';
import { convergeOnce } from './converge.ts';
import type { InstanceRun } from './instance-run.ts';
import { contextFor } from './run-context.ts';

/** What checks may look at around the instance. Nothing is asked before a check asks. */
export function surroundingsOf(one: InstanceRun): Surroundings {
  const { run, resolved, record } = one;
  const { driver, driverConfig, config, instance } = resolved;
  const ctx = contextFor(run, resolved, driverConfig);
  const companions = new Map<string, Companion>();
  for (const [name, address] of Object.entries(serviceAddresses(config))) {
    const state = record.state.services[name];
    const image = config.services[name]?.image ?? '';
    if (state) companions.set(name, { ...run.plugins.services.look(ctx, state), image, address });
  }
  return {
    instance: instance.name,
    companions,
    container: driver.container?.(ctx, one.machineOrThrow()),
    convergeAgain: () => convergeOnce(one, { again: true }),
  };
}
