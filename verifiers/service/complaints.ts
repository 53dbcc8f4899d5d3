import { evidenceOf } from '../../src/checks/nearest-evidence.ts';
import type { UnitFact } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { linesOfRun, type RunOfUnit } from './run-lines.ts';

const MOST = 100;
const LAST = 6;
/** Entries that are read for the last ones of a run: some may be of another run. */
const READ = 200;

/** All entries of a unit, its own and systemd's about it, with the ids by which a run is told from another. */
function entriesOf(unit: string, most: number): string[] {
  const fields = '--output-fields=MESSAGE,INVOCATION_ID,_SYSTEMD_INVOCATION_ID';
  return ['journalctl', '--no-pager', '-q', '-o', 'json', '--all', fields, '-u', unit, '-n', String(most)];
}

/**
 * What the unit, and systemd about it, wrote to the journal at that level or worse since it was last started. Throws
 * when the journal cannot be read.
 */
export async function complaintsOf(
  unit: UnitFact,
  level: boolean | string | undefined,
  { connection, signal }: Probe,
): Promise<readonly string[]> {
  const run = runOf(unit);
  if (run === undefined) throw new Error(`${unit.unit} was never started: there is no journal of it to read`);
  const priority = typeof level === 'string' ? level : 'err';
  const argv = [...entriesOf(unit.unit, READ), '-p', priority];
  const done = await connection.execute(argv, { signal, timeoutMs: 30_000 });
  if (done.exitCode !== 0 || /No journal files were (found|opened)/.test(done.stderr))
    throw new Error(`the journal cannot be read: ${done.stderr.trim() || `exit ${done.exitCode}`}`);
  return linesOfRun(done.stdout, run).slice(-MOST);
}

/** Its last run: the id, as `INVOCATION_ID` of systemd.exec(5), and when it began; undefined when it was never started. */
function runOf(unit: UnitFact): RunOfUnit | undefined {
  const id = unit.props?.['InvocationID'] ?? '';
  const since = Number(unit.props?.['InactiveExitTimestampMonotonic'] ?? 0);
  return /^[0-9a-f]{32}$/.test(id) ? { id, since } : undefined;
}

/** Why a unit is not as it should be, in its own words and systemd's: the end of the journal of its last run. */
export async function lastWords(unit: UnitFact, probe: Probe): Promise<readonly string[]> {
  if (unit.manager !== 'systemd' || !unit.known || unit.active === 'active') return [];
  const run = runOf(unit);
  if (run === undefined) return ['cause: nothing has started it since the machine came up'];
  const pick = (output: string) => linesOfRun(output, run).slice(-LAST);
  return evidenceOf(`journal of ${unit.unit}`, entriesOf(unit.unit, READ), probe, pick);
}
