import { GalleyError } from '../core/errors.ts';
import { startServices } from './create.ts';
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
    // Its services cannot be told apart from strangers': a second `db` beside the old one would answer every other call.
    // Nor does a label tell the step it had reached, or what of a base's files lies on it.
    const { services, steps = [], from } = resolved.config;
    if (Object.keys(services).length > 0 || steps.length > 0 || from) {
      notice(
        'its state file was lost; the machine and services its labels lead to are removed and made anew',
      );
      await destroy(one);
      return;
    }
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
    // A hook that failed before create leaves nothing but its error.
    if (Object.keys(record.state.machine).length > 0)
      notice('an earlier create did not finish; what it left is removed first');
    await destroy(one);
    return;
  }
  const status = await driver.status(ctx, machine.data);
  if (status === 'gone' || status === 'stopped') {
    notice(`its machine is ${status}; starting over`);
    await destroy(one);
    return;
  }
  if (driver.refresh) await record.recordMachine(await driver.refresh(ctx, machine.data));
  const stopped = await run.plugins.services.stopped(ctx, record.state.services);
  if (stopped.length > 0) {
    notice(`${stopped.join(', ')} did not run any more and is started anew, without its data`);
    await startServices(one, machine.data);
  }
  const { from } = record.state;
  const now = from && (await run.bases?.keyOf(run, from.instance));
  if (from && now !== undefined && now !== from.key) {
    notice(
      `${from.instance} has changed since this was made from its snapshot; galley destroy ${instance.name} to start from the new one`,
    );
  }
  if (record.state.configHash !== configHash(resolved)) {
    notice(
      `its driver settings or services changed since it was created; galley destroy ${instance.name} to apply them`,
    );
  }
}
