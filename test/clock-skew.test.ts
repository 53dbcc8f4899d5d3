import tap from 'tap';
import { parseChecks } from '../src/checks/parse-checks.ts';
import { runChecks } from '../src/checks/run-checks.ts';
import { EMPTY_SNAPSHOT } from '../src/checks/snapshot-rounds.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import type { Connection } from '../src/core/transport.ts';
import { verifiers } from './check-table.ts';
import { processFact } from './process-fact.ts';
import { selfSigned } from './self-signed.ts';

const DAY = 86_400;

/** An instance on which it is `now`, seconds since the epoch: a process of ten seconds, and files of around that time. */
function instanceAt(now: number): Snapshot {
  const process = processFact(71, { startedAt: now - 10, unit: 'app.service' });
  const stat = { exists: true, type: 'file', mode: 0o644, owner: 'root', group: 'root', size: 1 } as const;
  return {
    ...EMPTY_SNAPSHOT,
    takenAt: now,
    via: 'exec',
    processes: [process],
    files: [
      { ...stat, path: '/etc/before', mtime: now - 100 },
      { ...stat, path: '/etc/after', mtime: now - 5 },
      { ...stat, path: '/srv/cert.pem', mtime: now, content: selfSigned.cert },
    ],
    logs: [],
  };
}

async function outcomes(now: number, items: readonly object[]): Promise<readonly string[]> {
  const parsed = parseChecks(items, verifiers, { pathPrefix: ['checks'], locate: () => undefined });
  if ('errors' in parsed) throw parsed.errors[0];
  const converged = Object.fromEntries(
    parsed.declarations.flatMap(({ type, spec }) => {
      const key = verifiers.get(type)?.marks?.key(spec);
      return key === undefined ? [] : [[`${type} ${key}`, { value: now - 50 }]];
    }),
  );
  const reports = await runChecks(parsed.declarations, verifiers, {
    instance: 'skewed',
    connection: {} as Connection,
    address: () => undefined,
    signal: new AbortController().signal,
    marks: converged,
    takeSnapshot: async () => instanceAt(now),
  });
  return reports.map((report) => `${report.outcome} ${report.title}`);
}

await tap.test('only the clock of the instance counts, however far it is from ours', async (t) => {
  const items = [
    { process: 'app', uptime: { between: [9, 11] } },
    { process: 'app', startedAfter: '/etc/before' },
    { file: '/etc/after', mtime: { changedSince: 'converge' } },
    { id: 'before', file: '/etc/before', mtime: { not: { changedSince: 'converge' } } },
    { id: 'stale', process: 'app', startedAfter: '/etc/after' },
  ];
  const wanted = ['pass', 'pass', 'pass', 'pass', 'fail'];
  const here = Date.now() / 1000;
  for (const now of [here, here - 400 * DAY, here + 9000 * DAY, 1000])
    t.same(
      (await outcomes(now, items)).map((one) => one.split(' ')[0]),
      wanted,
      new Date(now * 1000).toISOString(),
    );
});

await tap.test('a certificate has expired when the clock of the instance says so', async (t) => {
  const items = [{ cert: '/srv/cert.pem', daysLeft: { gte: 0 } }];
  const here = Date.now() / 1000;
  t.match(await outcomes(here, items), [/^pass/]);
  t.match(await outcomes(here + 90_000 * DAY, items), [/^fail/]);
});
