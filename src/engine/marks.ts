import { type MarksByKey, type Occasion, takeMarks } from '../checks/marks.ts';
import { takeSnapshot } from '../checks/probe/take-snapshot.ts';
import type { CheckDeclaration } from '../core/check.ts';
import type { InstanceRun } from './instance-run.ts';

/** Remembers where things stand for the checks that ask for it; without such checks the instance is not looked at. */
export async function marksFor(
  one: InstanceRun,
  checks: readonly CheckDeclaration[],
  occasion: Occasion,
): Promise<MarksByKey> {
  const { run, resolved } = one;
  const connection = await one.connect();
  const { signal } = run;
  const client = resolved.driver.client(one.machineOrThrow());
  return takeMarks(checks, run.plugins.verifiers, occasion, {
    connection,
    signal,
    takeSnapshot: (needs) => takeSnapshot(connection, needs, { client, signal }),
  });
}
