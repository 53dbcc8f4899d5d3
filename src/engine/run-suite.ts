import { withNextStep } from '../checks/next-step.ts';
import { GalleyError } from '../core/errors.ts';
import type { CheckReport } from '../core/events.ts';
import { isOfRun, type KnownTest } from '../core/test-suite.ts';
import { checkKey } from '../plan/choose-checks.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { addressesOf } from './addresses.ts';
import type { InstanceRun } from './instance-run.ts';
import { located } from './located.ts';
import { contextFor } from './run-context.ts';

/** Runs the existing tests that the kitchen names as verifier and emits what they report; none without such tests. */
export async function runSuite(one: InstanceRun): Promise<readonly CheckReport[]> {
  const { run, resolved } = one;
  const { suite, instance, driver, transport, transportConfig } = resolved;
  if (suite === undefined) return [];
  const machine = one.machineOrThrow();
  const endpoint = driver.endpoint(machine, transport.endpoints);
  const { only } = suite;
  const connection = await one.connect();
  const input = {
    ...(only && { only }),
    connection,
    endpoint: transport.reach?.(transportConfig, endpoint) ?? endpoint,
    client: driver.client(machine),
    machine: { ...machine },
    address: await addressesOf(one),
  };
  run.emit({ type: 'progress', instance: instance.name, text: `${suite.plugin.name} tests` });
  const ctx = contextFor(run, resolved, suite.config);
  await connection.admit?.();
  const all = await located(resolved, () => suite.plugin.run(ctx, input), 'verifier');
  const reports = only ? chosenOf(all, only) : all;
  if (all.length > 0 && reports.length === 0) throw noneChosen(resolved);
  if (reports.length < all.length) {
    const message = `${suite.plugin.name} ran ${all.length} tests to get at the ${reports.length} chosen ones`;
    run.emit({ type: 'notice', instance: instance.name, level: 'info', message });
  }
  await remember(one, all, only !== undefined);
  const told = reports.map((report) => ({
    ...withNextStep(report, { instance: instance.name }),
    ...(one.step !== undefined && { step: one.step }),
  }));
  for (const report of told) run.emit({ type: 'check', instance: instance.name, report });
  return told;
}

/** Some tools run more than they are asked for. What could not look is told in any case. */
function chosenOf(reports: readonly CheckReport[], only: readonly KnownTest[]): readonly CheckReport[] {
  const ids = new Set(only.map(({ id }) => id));
  return reports.filter(({ id, outcome }) => ids.has(id) || outcome === 'error');
}

/** Keeps ids and titles in the state, so that `--check` and `--failed` can choose tests before they have run. */
async function remember(one: InstanceRun, reports: readonly CheckReport[], isPart: boolean): Promise<void> {
  const { run, step } = one;
  const prefix = step === undefined ? '' : `${step}/`;
  const before = Object.entries(one.record.state.tests ?? {});
  // A run that did not come to its end has not seen all.
  const isWhole = !isPart && !reports.some(({ id }) => isOfRun(id));
  const kept = before.filter(([key]) => !isWhole || !key.startsWith(prefix));
  const seen = reports
    .filter(({ id, title }) => !isOfRun(id) && run.redact(`${id} ${title}`) === `${id} ${title}`)
    .map(({ id, title, location }) => [checkKey(id, step), { title, file: location?.file }] as const);
  await one.record.update({ tests: Object.fromEntries([...kept, ...seen]) });
}

function noneChosen({ instance, suite }: ResolvedInstance): GalleyError {
  return new GalleyError({
    code: 'verify.chosen_gone',
    kind: 'verify',
    message: `${instance.name}: none of the chosen tests is among those that ${suite?.plugin.name} ran: nothing was verified`,
    hint: `they may have other names by now: galley verify ${instance.name} runs all`,
  });
}
