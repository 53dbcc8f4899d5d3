import { takeSnapshot } from '../checks/probe/take-snapshot.ts';
import { type RunChecksOptions, runChecks } from '../checks/run-checks.ts';
import { isUnneeded } from '../checks/waive.ts';
import { isBad } from '../core/check.ts';
import { GalleyError } from '../core/errors.ts';
import type { CheckReport } from '../core/events.ts';
import { notPassed } from '../core/not-passed.ts';
import { checkKey } from '../plan/choose-checks.ts';
import { addressesOf } from './addresses.ts';
import { passGates } from './gates.ts';
import type { InstanceRun } from './instance-run.ts';
import { ledPorts, withoutTunnels } from './lead-services.ts';
import { assertReached } from './machine-end.ts';
import { marksFor } from './marks.ts';
import { runSuite } from './run-suite.ts';
import { surroundingsOf } from './surroundings.ts';

/**
 * Waits for the gates and runs all checks of the instance; any failure or error fails the phase, and so does having
 * no check at all, or none that was looked at.
 */
export async function verify(one: InstanceRun): Promise<void> {
  const { run, resolved } = one;
  const { instance, checks, gates, allowEmpty } = resolved;
  // A step may be there for its hooks alone; that some step has checks was seen to before.
  const nothing = checks.length === 0 && resolved.suite === undefined;
  if (nothing && gates.length === 0 && one.step !== undefined) return;
  if (nothing && !allowEmpty && one.step === undefined) {
    throw noTests(one);
  }
  const marks = {
    ...one.record.state.marks,
    ...(await marksFor(one, [...gates, ...checks], 'verify')),
  };
  const options = { ...(await lookingAt(one)), marks };
  await passGates(one, options);
  const checked = await runChecks(checks, run.plugins.verifiers, options);
  one.checks.push(...checked);
  // Checks that could not look because there is no way to the machine any more say nothing of the cookbook.
  if (checked.some((report) => report.outcome === 'error')) await assertReached(one);
  const tested = await runSuite(one);
  one.checks.push(...tested);
  const reports = [...checked, ...tested];
  if (resolved.suite && reports.length === 0 && !allowEmpty) throw noTests(one);
  await one.record.update({ failedChecks: stillFailing(one, reports) });
  for (const report of reports.filter(isUnneeded)) {
    const message = `${report.title} (${report.id}): ${report.hint ?? ''}`;
    run.emit({ type: 'notice', instance: instance.name, level: 'warning', message });
  }
  assertVerified(one, reports);
}

async function lookingAt(one: InstanceRun): Promise<RunChecksOptions> {
  const { run, resolved } = one;
  const { instance, driver } = resolved;
  const { signal } = run;
  const connection = await one.connect();
  const machine = one.machineOrThrow();
  const client = driver.client(machine);
  const led = ledPorts(one);
  return {
    instance: instance.name,
    connection,
    address: await addressesOf(one),
    around: surroundingsOf(one),
    signal,
    emit: run.emit,
    ...(one.step !== undefined && { step: one.step }),
    takeSnapshot: async (needs) =>
      withoutTunnels(await takeSnapshot(connection, needs, { client, signal }), led),
    assertAlive: () => one.assertAlive(),
  };
}

/** A run of a few checks says nothing of the others: what failed before and was not looked at still counts. */
function stillFailing(one: InstanceRun, reports: readonly CheckReport[]): string[] {
  const keyOf = (report: CheckReport): string => checkKey(report.id, one.step);
  const looked = new Set(reports.filter((report) => report.outcome !== 'skip').map(keyOf));
  const kept = (one.record.state.failedChecks ?? []).filter((key) => !looked.has(key));
  return [...kept, ...reports.filter(isBad).map(keyOf)];
}

function assertVerified({ run, resolved }: InstanceRun, reports: readonly CheckReport[]): void {
  const { name } = resolved.instance;
  const again = `galley verify ${name} runs them again; galley login ${name} opens a shell`;
  const bad = reports.filter(isBad);
  if (bad.length > 0) {
    const errors = bad.filter((r) => r.outcome === 'error').length;
    throw new GalleyError({
      code: 'verify.failed',
      kind: 'verify',
      message: `${notPassed('check', bad.length, reports.length)}${errors > 0 ? ` (${errors} could not look)` : ''}`,
      details: bad.map((r) => `${r.outcome} ${r.title}`),
      hint: again,
    });
  }
  if (reports.length > 0 && reports.every((r) => r.outcome === 'skip') && !resolved.allowEmpty) {
    throw new GalleyError({
      code: 'verify.nothing_looked_at',
      kind: 'verify',
      message: `${reports.length === 1 ? 'the only check was' : `all ${reports.length} checks were`} skipped: nothing of ${name} was verified`,
      details: reports.map((r) => `${r.title}: ${r.results[0]?.observed ?? ''}`),
      hint: 'if that is all right, say allowEmpty: true under verifier:',
    });
  }
  const flaky = reports.filter((r) => r.flaky);
  if (run.failOnFlaky !== true || flaky.length === 0) return;
  throw new GalleyError({
    code: 'verify.flaky',
    kind: 'verify',
    message: `${flaky.length} of ${reports.length} checks passed only after a failed attempt (--fail-on-flaky)`,
    details: flaky.map((r) => `${r.title}: ${r.hint ?? ''}`),
    hint: 'wait for what takes its time under verifier: wait:, which is not counted as flaky',
  });
}

function noTests(one: InstanceRun): GalleyError {
  const { instance, config, suite } = one.resolved;
  const file = config.locate(['verifier'])?.file ?? 'kitchen.yml';
  return new GalleyError({
    code: 'verify.no_checks',
    kind: 'verify',
    message: suite
      ? `${instance.name}: ${suite.plugin.name} ran no tests: nothing was verified`
      : `${instance.name} has no checks: nothing would be verified`,
    hint: `list some under suites: … verifier: checks: in ${file}`,
  });
}
