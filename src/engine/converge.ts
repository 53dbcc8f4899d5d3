import { join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { ConvergeResult, UploadManifest } from '../core/provisioner.ts';
import type { InstanceRun } from './instance-run.ts';
import { located } from './located.ts';
import { causeOf } from './machine-end.ts';
import { marksFor } from './marks.ts';
import { contextFor } from './run-context.ts';

/** Runs the provisioner; a failed converge becomes a `converge` error with the condensed cause. */
export async function converge(one: InstanceRun): Promise<void> {
  const { run, resolved, record } = one;
  const { instance } = resolved;
  await record.update({ marks: await marksFor(one, resolved.declared, 'converge') });
  const result = await convergeOnce(one, {});
  const step = one.step === undefined ? {} : { step: one.step };
  for (const resource of result.resources)
    run.emit({ type: 'resource', instance: instance.name, result: resource, ...step });
  one.resources.push(...result.resources);
  one.updated += result.updated;
  one.total += result.total;
  if (result.outcome === 'passed') return;
  throw new GalleyError({
    code: 'converge.failed',
    kind: 'converge',
    message: `${instance.name} did not converge`,
    hint: `galley converge ${instance.name}   |   galley login ${instance.name}`,
    ...result.error,
  });
}

/** One call of the provisioner, without judging how it ended. */
export async function convergeOnce(
  one: InstanceRun,
  how: { readonly again?: boolean },
): Promise<ConvergeResult> {
  const { run, resolved, record } = one;
  const { provisioner, provisionerConfig, instance } = resolved;
  const ctx = contextFor(run, resolved, provisionerConfig);
  const input = {
    connection: await one.connect(),
    client: resolved.driver.client(one.machineOrThrow()),
    uploaded: record.state.uploaded,
    recordUpload: (manifest: UploadManifest) => record.recordUpload(manifest),
    logFile: join(run.logDir, `${instance.name}.log`),
    ...how,
  };
  try {
    return await located(resolved, () => provisioner.converge(ctx, input));
  } catch (error) {
    // Of a machine that has ended, why it has says more than that the connection was lost.
    throw await causeOf(one, error);
  }
}
