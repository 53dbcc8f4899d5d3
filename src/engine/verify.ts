import { takeSnapshot } from '../checks/probe/take-snapshot.ts';
import { runChecks } from '../checks/run-checks.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceRun } from './instance-run.ts';
import { marksFor } from './marks.ts';
import { surroundingsOf } from './surroundings.ts';

/** Runs all checks of the instance; any failure or error fails the phase, and so does having no check at all. */
export async function verify(one: InstanceRun): Promise<void> {
  const { run, resolved } = one;
  const { instance, checks, driver } = resolved;
  const { step } = one;
  // A step may be there for its hooks alone; that some step has checks was seen to before.
  if (checks.length === 0 && step !== undefined) return;
  if (checks.length === 0) {
    throw new GalleyError({
      code: 'verify.no_checks',
      kind: 'verify',
      message: `${instance.name} has no checks: nothing would be verified`,
      hint: `list some under suites: … verifier: checks: in ${one.resolved.config.locate(['verifier'])?.file ?? 'kitchen.yml'}`,
    });
  }
  const connection = await one.connect();
  const machine = one.machineOrThrow();
  const client = driver.client(machine);
  const marks = { ...one.record.state.marks, ...(await marksFor(one, checks, 'verify')) };
  const reports = await runChecks(checks, run.plugins.verifiers, {
    instance: instance.name,
    connection,
    address: (port) => driver.address(machine, port),
    around: surroundingsOf(one),
    marks,
    signal: run.signal,
    emit: run.emit,
    ...(step !== undefined && { step }),
    takeSnapshot: (needs) => takeSnapshot(connection, needs, { client, signal: run.signal }),
  });
  one.checks.push(...reports);
  const bad = reports.filter((r) => r.outcome === 'fail' || r.outcome === 'error');
  if (bad.length === 0) return;
  const errors = bad.filter((r) => r.outcome === 'error').length;
  throw new GalleyError({
    code: 'verify.failed',
    kind: 'verify',
    message: `${bad.length} of ${reports.length} checks did not pass${errors > 0 ? ` (${errors} could not look)` : ''}`,
    details: bad.map((r) => `${r.outcome} ${r.title}`),
    hint: `galley verify ${instance.name} runs them again; galley login ${instance.name} opens a shell`,
  });
}
