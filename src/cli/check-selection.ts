import type { Argv } from 'yargs';
import { checkKey, partsOf } from '../plan/choose-checks.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { StateStore } from '../state/state-store.ts';

/** How a command line says which checks it means, and what it makes of them. */
export interface CheckSelection {
  readonly check?: readonly string[] | undefined;
  readonly checkTag?: readonly string[] | undefined;
  readonly failOnFlaky?: boolean;
}

const many = { type: 'string', array: true, nargs: 1, group: 'Checks:' } as const;

/** The options of the commands that run checks. */
export function checkOptions<T>(yargs: Argv<T>): Argv<T & CheckSelection> {
  return yargs
    .option('check', {
      ...many,
      alias: 'only',
      describe: 'only this check (id or regular expression) and what it depends on, repeatable',
    })
    .option('check-tag', { ...many, describe: 'only checks with this tag, repeatable' })
    .option('fail-on-flaky', {
      type: 'boolean',
      default: false,
      group: 'Checks:',
      describe: 'fail when a check passed only after a failed attempt',
    });
}

/** Of each instance whose last verification failed, the checks that did not pass; others are not in it. */
export async function failedChecks(
  store: StateStore,
  instances: readonly ResolvedInstance[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const failed = new Map<string, readonly string[]>();
  for (const one of instances) {
    const { name } = one.instance;
    const state = await store.peek(name);
    const known = partsOf(one).flatMap((part) =>
      part.resolved.checks.map((check) => checkKey(check.id, part.name)),
    );
    const keys = (state?.failedChecks ?? []).filter((key) => known.includes(key));
    if (state?.lastError?.code === 'verify.failed' && keys.length > 0) failed.set(name, keys);
  }
  return failed;
}
