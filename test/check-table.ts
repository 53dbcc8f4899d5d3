import { parseChecks } from '../src/checks/parse-checks.ts';
import { takeSnapshot } from '../src/checks/probe/take-snapshot.ts';
import { runChecks } from '../src/checks/run-checks.ts';
import type { CheckReport } from '../src/core/events.ts';
import type { Surroundings } from '../src/core/surroundings.ts';
import type { Verifier } from '../src/core/verifier.ts';
import { createPlugins } from '../src/plugins.ts';
import type { LiveInstance } from './live-instance.ts';

/** A check, the outcome wanted of it, and what the first result that did not pass (else the last) shows. */
export type CheckRow = readonly [item: object, outcome: 'pass' | 'fail' | 'error', shown?: RegExp];

interface Test {
  equal(found: unknown, wanted: unknown, message: string): boolean;
  match(found: unknown, wanted: RegExp, message: string): boolean;
}

export const verifiers: ReadonlyMap<string, Verifier> = createPlugins({ env: {}, cacheDir: '' }).verifiers;

/** Runs all rows as the engine does, in one list with one look, and compares. Returns how often it was looked. */
export async function checkTable(
  t: Test,
  live: LiveInstance,
  rows: readonly CheckRow[],
  around?: Surroundings,
): Promise<number> {
  const parsed = parseChecks(
    rows.map(([item]) => item),
    verifiers,
    { pathPrefix: ['verifier', 'checks'], locate: () => undefined },
  );
  if ('errors' in parsed) throw parsed.errors[0];
  let looks = 0;
  const { signal } = new AbortController();
  const { connection, address } = live;
  const reports = await runChecks(parsed.declarations, verifiers, {
    instance: 'table',
    connection,
    address,
    signal,
    around,
    takeSnapshot: (needs) => {
      looks += 1;
      return takeSnapshot(connection, needs, { signal });
    },
  });
  rows.forEach(([item, outcome, shown], index) => {
    const report = reports[index];
    t.equal(report?.outcome, outcome, `${outcome}: ${JSON.stringify(item)} ${bad(report)}`);
    if (shown) t.match(words(report), shown, `${JSON.stringify(item)} shows ${shown.source}`);
  });
  return looks;
}

function bad(report: CheckReport | undefined): string {
  const wrong = report?.results.filter((one) => one.outcome !== 'pass') ?? [];
  return wrong.map((one) => `${one.property}: ${one.observed}`).join('; ');
}

function words(report: CheckReport | undefined): string {
  const results = report?.results ?? [];
  const one = results.find((result) => result.outcome !== 'pass') ?? results.at(-1);
  return [one?.observed, one?.source, ...(one?.notes ?? [])].join('\n');
}
