import { type RunChecksOptions, runChecks } from '../checks/run-checks.ts';
import { isBad } from '../core/check.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceRun } from './instance-run.ts';
import { stateLines } from './state-lines.ts';

/**
 * Waits until all of `verifier.wait` pass. When they do not in their time, `verify.not_ready` is thrown with what the
 * instance looks like; it is left as it is. Their passing attempts are no check results, and never flaky.
 */
export async function passGates(one: InstanceRun, options: RunChecksOptions): Promise<void> {
  const { run, resolved } = one;
  const { gates, instance } = resolved;
  if (gates.length === 0) return;
  const { name } = instance;
  const titles = gates.map((gate) => gate.title);
  run.emit({ type: 'progress', instance: name, text: `waiting for ${titles.join(', ')}` });
  const reports = await runChecks(gates, run.plugins.verifiers, {
    ...options,
    areGates: true,
    emit: (event) => {
      if (event.type === 'check' && isBad(event.report)) run.emit(event);
    },
  });
  const bad = reports.filter(isBad);
  if (bad.length === 0) return;
  one.checks.push(...bad);
  throw new GalleyError({
    code: 'verify.not_ready',
    kind: 'verify',
    message: `${name} did not get ready: ${bad.map((report) => report.title).join(', ')}; no check was looked at`,
    details: await stateLines(options),
    hint: `galley login ${name} to look inside; galley verify ${name} to wait again`,
  });
}
