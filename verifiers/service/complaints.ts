import type { UnitFact } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';

const MOST = 100;

/**
 * What the unit, and systemd about it, wrote to the journal at that level or worse since it was last started: entries
 * carry the id of the invocation (systemd.exec(5), INVOCATION_ID). Throws when the journal cannot be read.
 */
export async function complaintsOf(
  unit: UnitFact,
  level: boolean | string | undefined,
  { connection, signal }: Probe,
): Promise<readonly string[]> {
  const id = unit.props?.['InvocationID'] ?? '';
  if (!/^[0-9a-f]{32}$/.test(id))
    throw new Error(`${unit.unit} was never started: there is no journal of it to read`);
  const priority = typeof level === 'string' ? level : 'err';
  const matches = [`_SYSTEMD_INVOCATION_ID=${id}`, '+', `INVOCATION_ID=${id}`];
  const done = await connection.execute(
    ['journalctl', '--no-pager', '-o', 'cat', '-p', priority, '-n', String(MOST), ...matches],
    { signal, timeoutMs: 30_000 },
  );
  if (done.exitCode !== 0 || /No journal files were (found|opened)/.test(done.stderr))
    throw new Error(`the journal cannot be read: ${done.stderr.trim() || `exit ${done.exitCode}`}`);
  return done.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('-- No entries'));
}
