import { GalleyError } from '../core/errors.ts';
import { destroy } from './destroy.ts';
import { configHash } from './instance-record.ts';
import { type InstanceRun } from './instance-run.ts';
import { contextFor } from './run-context.ts';

/**
 * Brings the record in line with the world before anything is planned: a machine that is gone is forgotten, a half
 * made one is removed, one whose state file was lost is found again by its labels.
 */
export async function reconcile(one: InstanceRun): Promise<void> {
  const { run, resolved, record } = one;
  const { driver, driverConfig, instance } = resolved;
  const ctx = contextFor(run, resolved, driverConfig);
  const notice = (message: string): void =>
    run.emit({ type: 'notice', instance: instance.name, level: 'warning', message });
  if (!record.exists) {
    const found = await driver.find(ctx);
    if (!found) return;
    notice('its state file was lost; the machine was found again by its labels and is used');
    await record.recordMachine(found);
    await record.succeed('create');
    return;
  }
  if (record.state.driver !== driver.name) {
    throw new GalleyError({
      code: 'state.driver_changed',
      kind: 'config',
      message: `${instance.name} was made by the driver ${record.state.driver}, the config now says ${driver.name}`,
      hint: `galley destroy ${instance.name} first`,
    });
  }
  const machine = driver.machine.safeParse(record.state.machine);
  if (!machine.success || record.state.lastAction === undefined) {
    notice('an earlier create was interrupted; what it left is removed first');
    await destroy(one);
    return;
  }
  const status = await driver.status(ctx, machine.data);
  if (status === 'gone' || status === 'stopped') {
    notice(`its machine is ${status}; starting over`);
    await destroy(one);
    return;
  }
  if (record.state.configHash !== configHash(resolved)) {
    notice(
      `its driver settings or services changed since it was created; galley destroy ${instance.name} to apply them`,
    );
  }
}
