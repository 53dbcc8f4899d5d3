import tap from 'tap';
import { liveInstance } from '../../test/live-instance.ts';
import { commandVerifier } from '../../verifiers/command/index.ts';
import { fileVerifier } from '../../verifiers/file/index.ts';
import { httpVerifier } from '../../verifiers/http/index.ts';
import type { SnapshotNeeds } from '../core/snapshot.ts';
import type { Verifier } from '../core/verifier.ts';
import { parseChecks } from './parse-checks.ts';
import { takeSnapshot } from './probe/take-snapshot.ts';
import { runChecks } from './run-checks.ts';

const verifiers = new Map<string, Verifier>(
  [httpVerifier as Verifier, fileVerifier as Verifier, commandVerifier as Verifier].map((one) => [
    one.name,
    one,
  ]),
);

/** The list, the outcome wanted of each and what the first result that did not pass shows. */
const CHECKS: readonly (readonly [object, string, RegExp?])[] = [
  [{ file: '/etc/hostname', owner: 'root', mode: '0644', type: 'file' }, 'pass'],
  [{ file: '/etc/hostname', mode: '0600', content: { contains: 'x' } }, 'fail', /"0644"/],
  [{ file: '/etc/nope', mode: '0600' }, 'fail', /does not exist/],
  [{ file: '/etc/nope', exists: false }, 'pass'],
  [{ file: '/etc/passwd', lines: '/^root:x:0:0:/' }, 'pass'],
  [{ command: 'id -un; echo "$A"', user: 'www-data', env: { A: 'b' }, stdout: ['www-data', 'b'] }, 'pass'],
  [{ command: 'exit 3' }, 'fail', /3/],
  [{ command: 'no-such-tool', exit: { not: 0 } }, 'error', /could not look/],
  [{ http: 'http://localhost:8123/', from: 'instance', error: 'refused' }, 'pass'],
  [{ http: 'http://localhost:8080/', error: 'refused' }, 'pass'],
  [{ http: 'http://localhost:8080/' }, 'fail', /connection/],
  [{ http: 'http://localhost:8081/' }, 'error', /not published/],
  [{ command: 'touch /srv/late', title: 'makes the file' }, 'pass'],
  [{ file: '/srv/late' }, 'pass'],
  // Made when it has been looked for.
  [{ file: '/srv/later', eventually: '300s' }, 'pass'],
];

await tap.test('a list of checks against a real instance', async (t) => {
  const live = await liveInstance(t, 'checks', { hostPorts: [8080] });
  const parsed = parseChecks(
    CHECKS.map(([item]) => item),
    verifiers,
    { pathPrefix: ['verifier', 'checks'], locate: () => undefined },
  );
  if ('errors' in parsed) throw parsed.errors[0];
  let looks = 0;
  const { signal } = new AbortController();
  const reports = await runChecks(parsed.declarations, verifiers, {
    instance: 'checks',
    connection: live.connection,
    address: live.address,
    signal,
    takeSnapshot: async (needs: SnapshotNeeds) => {
      looks += 1;
      const seen = await takeSnapshot(live.connection, needs, { signal });
      if (needs.files?.some(({ path }) => path === '/srv/later')) await live.sh('touch /srv/later');
      return seen;
    },
  });
  CHECKS.forEach(([item, outcome, shown], index) => {
    const report = reports[index];
    const bad = report?.results.find((result) => result.outcome !== 'pass');
    t.equal(report?.outcome, outcome, `${JSON.stringify(item)} ${JSON.stringify(bad ?? '')}`);
    if (shown) t.match(bad?.observed, shown);
  });
  t.ok(looks >= 4 && looks < 14, `${looks} looks for ${CHECKS.length} checks`);
  t.match(reports.at(-1), { flaky: true });
});
