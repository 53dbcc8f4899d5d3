import type { Argv } from 'yargs';
import { isOfRun } from '../core/test-suite.ts';
import { checkKey, partsOf, type TestsByKey } from '../plan/choose-checks.ts';
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
    // Tests of an existing suite are in no list: what failed of them is known from the last run alone.
    const ofSuite = partsOf(one).some(({ resolved }) => resolved.suite !== undefined);
    const isKnown = (key: string): boolean =>
      known.includes(key) || (ofSuite && (isOfRun(key) || Object.hasOwn(state?.tests ?? {}, key)));
    const keys = (state?.failedChecks ?? []).filter(isKnown);
    if (state?.lastError?.code === 'verify.failed' && keys.length > 0) failed.set(name, keys);
  }
  return failed;
}

/** The tests of existing suites that the last verifications reported, by instance. */
export async function knownTests(
  store: StateStore,
  instances: readonly ResolvedInstance[],
): Promise<ReadonlyMap<string, TestsByKey>> {
  const known = new Map<string, TestsByKey>();
  for (const one of instances) {
    if (partsOf(one).every(({ resolved }) => resolved.suite === undefined)) continue;
    const { name } = one.instance;
    known.set(name, (await store.peek(name))?.tests ?? {});
  }
  return known;
}
