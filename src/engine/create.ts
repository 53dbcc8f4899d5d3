import type { ServiceState } from '../core/service-host.ts';
import { configHash } from './instance-record.ts';
import type { InstanceRun } from './instance-run.ts';
import { leadServices, portsToLead } from './lead-services.ts';
import { located } from './located.ts';
import { causeOf, unlessEnded } from './machine-end.ts';
import { type BaseSnapshot, contextFor } from './run-context.ts';
import { assertServicesReached, serviceAddressOf } from './service-address.ts';

/** Makes the machine and starts its companion services, or finds that they are there already. */
export async function create(one: InstanceRun): Promise<void> {
  const { run, resolved, record } = one;
  const { driver, driverConfig, instance } = resolved;
  const ctx = contextFor(run, resolved, driverConfig);
  if (!one.hasMachine()) {
    run.emit({ type: 'progress', instance: instance.name, text: 'creating' });
    const from = await baseOf(one);
    await record.update({
      runId: run.ownership.runId,
      configHash: configHash(resolved),
      driver: driver.name,
      ...(from && { uploaded: from.uploaded, from: { instance: from.instance, key: from.key } }),
    });
    const request = { ...resolved.request, ...(from && { from: from.snapshot }) };
    const machine = await located(
      resolved,
      () => driver.create(ctx, request, (made) => record.recordMachine(made)),
      'driver',
    );
    await record.recordMachine(machine);
    one.isUnusable = true;
  }
  await bringUp(one);
  one.isUnusable = false;
}

async function bringUp(one: InstanceRun): Promise<void> {
  const { run, resolved, record } = one;
  const { driver, driverConfig, instance } = resolved;
  const ctx = contextFor(run, resolved, driverConfig);
  const [learnt] = await Promise.all([
    driver.waitUntilReady(ctx, one.machineOrThrow()),
    startServices(one, one.machineOrThrow()),
  ]);
  if (learnt) await record.recordMachine(learnt);
  if (!driver.prepare) return;
  run.emit({ type: 'progress', instance: instance.name, text: 'connecting' });
  const connection = await one.connect({ isStarting: true });
  const readied = async (): Promise<object> => {
    await connection.waitUntilReady?.();
    await leadServices(one, connection);
    await assertServicesReached(one, connection);
    return (await driver.prepare?.(ctx, one.machineOrThrow(), connection, resolved.request)) ?? {};
  };
  try {
    await record.recordMachine(await unlessEnded(one, readied()));
  } catch (error) {
    throw await causeOf(one, error);
  }
}

/** What the machine is to be made from instead of its image. */
async function baseOf({
  run,
  resolved,
}: InstanceRun): Promise<(BaseSnapshot & { readonly instance: string }) | undefined> {
  const { config, instance: own } = resolved;
  if (!config.from) return undefined;
  const { instance } = config.from;
  if (!run.bases) throw new Error(`nobody knows the base ${instance} of ${own.name}`);
  return { instance, ...(await run.bases.ensure(run, instance, own.name)) };
}

/** Starts the services that do not run; running ones of the same settings are kept. */
export async function startServices(one: InstanceRun, machine: object): Promise<void> {
  const { run, resolved, record } = one;
  const { services } = resolved.config;
  if (Object.keys(services).length === 0) return;
  const network = resolved.driver.serviceNetwork(machine);
  if (network === undefined) portsToLead(resolved.config);
  const openAt = network === undefined ? await serviceAddressOf(one, machine) : undefined;
  const ctx = contextFor(run, resolved, resolved.driverConfig);
  const note = (name: string, state: ServiceState) => record.recordService(name, state);
  await run.plugins.services.start(ctx, network, services, record.state.services, note, openAt);
}
