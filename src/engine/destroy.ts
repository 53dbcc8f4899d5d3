import type { ActionContext } from '../core/action-context.ts';
import type { Driver } from '../core/driver.ts';
import { type InstanceRun, recordedDriver } from './instance-run.ts';
import { contextFor } from './run-context.ts';

/**
 * Removes the machine, its services and its state, from what is recorded and from what carries the instance's
 * labels. Listens only to the second interrupt, so that a cancelled run still cleans up.
 */
export async function destroy(one: InstanceRun): Promise<void> {
  const { run, resolved, record } = one;
  const driver = recordedDriver(run, resolved, record.state.driver);
  // The settings of a driver that the config no longer names are gone; its labels are enough to destroy.
  const config = driver === resolved.driver ? resolved.driverConfig : driver.config.parse({});
  const ctx = contextFor(run, resolved, config, run.hardSignal);
  await release(one, driver, ctx);
  await one.disconnect();
  const { services, machine } = record.state;
  // Services on a network of the driver's own carry the instance's labels and go with it.
  const parsed = driver.machine.safeParse(machine);
  const goWithMachine = parsed.success && driver.serviceNetwork(parsed.data) !== undefined;
  if (Object.keys(services).length > 0 && !goWithMachine) await run.plugins.services.destroy(ctx, services);
  await driver.destroy(ctx, machine);
  await resolved.transport.forget?.(contextFor(run, resolved, resolved.transportConfig, run.hardSignal));
  await record.clear(resolved, run.ownership.runId);
}

/** A machine that cannot be reached is destroyed all the same. */
async function release(one: InstanceRun, driver: Driver, ctx: ActionContext): Promise<void> {
  const { run, resolved, record } = one;
  const machine = driver.machine.safeParse(record.state.machine);
  if (!driver.release || driver !== resolved.driver || !machine.success) return;
  try {
    await driver.release(ctx, machine.data, await one.connect({ isStarting: true }));
  } catch (error) {
    const message = `its machine was left without a last word: ${(error as Error).message}`;
    run.emit({ type: 'notice', instance: resolved.instance.name, level: 'warning', message });
  }
}
