import { evidenceOf } from '../../src/checks/nearest-evidence.ts';
import type { UnitFact } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';

const MOST = 100;
const LAST = 6;

/** The journal of one run of a unit: what it wrote, or what systemd wrote about it. */
function ofRun(id: string): string[] {
  return [`_SYSTEMD_INVOCATION_ID=${id}`, '+', `INVOCATION_ID=${id}`];
}

/**
 * What the unit, and systemd about it, wrote to the journal at that level or worse since it was last started: entries
 * carry the id of the invocation (systemd.exec(5), INVOCATION_ID). Throws when the journal cannot be read.
 */
export async function complaintsOf(
  unit: UnitFact,
  level: boolean | string | undefined,
  { connection, signal }: Probe,
): Promise<readonly string[]> {
  const id = runOf(unit);
  if (id === undefined) throw new Error(`${unit.unit} was never started: there is no journal of it to read`);
  const priority = typeof level === 'string' ? level : 'err';
  const done = await connection.execute(
    ['journalctl', '--no-pager', '-o', 'cat', '-p', priority, '-n', String(MOST), ...ofRun(id)],
    { signal, timeoutMs: 30_000 },
  );
  if (done.exitCode !== 0 || /No journal files were (found|opened)/.test(done.stderr))
    throw new Error(`the journal cannot be read: ${done.stderr.trim() || `exit ${done.exitCode}`}`);
  return done.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('-- No entries'));
}

/** The id of its last run, as `INVOCATION_ID` of systemd.exec(5); undefined when it was never started. */
function runOf(unit: UnitFact): string | undefined {
  const id = unit.props?.['InvocationID'] ?? '';
  return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

/** Why a unit is not as it should be, in its own words and systemd's: the end of the journal of its last run. */
export async function lastWords(unit: UnitFact, probe: Probe): Promise<readonly string[]> {
  if (unit.manager !== 'systemd' || !unit.known || unit.active === 'active') return [];
  const id = runOf(unit);
  if (id === undefined) return ['cause: nothing has started it since the machine came up'];
  const argv = ['journalctl', '--no-pager', '-q', '-o', 'cat', '-n', String(LAST), ...ofRun(id)];
  return evidenceOf(`journal of ${unit.unit}`, argv, probe);
}
