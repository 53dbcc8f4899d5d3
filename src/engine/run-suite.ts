import type { CheckReport } from '../core/events.ts';
import { addressesOf } from './addresses.ts';
import type { InstanceRun } from './instance-run.ts';
import { located } from './prepare.ts';
import { contextFor } from './run-context.ts';

/** Runs the existing tests that the kitchen names as verifier and emits what they report; none without such tests. */
export async function runSuite(one: InstanceRun): Promise<readonly CheckReport[]> {
  const { run, resolved } = one;
  const { suite, instance, driver, transport, transportConfig } = resolved;
  if (suite === undefined) return [];
  const machine = one.machineOrThrow();
  const endpoint = driver.endpoint(machine, transport.endpoints);
  const input = {
    connection: await one.connect(),
    endpoint: transport.reach?.(transportConfig, endpoint) ?? endpoint,
    client: driver.client(machine),
    machine: { ...machine },
    address: await addressesOf(one),
  };
  run.emit({ type: 'progress', instance: instance.name, text: `${suite.plugin.name} tests` });
  const ctx = contextFor(run, resolved, suite.config);
  const reports = await located(resolved, () => suite.plugin.run(ctx, input), 'verifier');
  for (const report of reports) run.emit({ type: 'check', instance: instance.name, report });
  return reports;
}
