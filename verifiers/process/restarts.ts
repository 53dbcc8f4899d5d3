import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import { describeProcess } from '../../src/checks/probe/select-processes.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ProcessFact } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';

/** Unit → how often systemd has restarted it by itself since it was last started; units that are never restarted lack. */
export type Restarts = ReadonlyMap<string, number>;

const LIMIT_MS = 30_000;

/** Asks systemd about the units of the processes. Throws where there is no systemd to ask. */
export async function observeRestarts(
  selected: readonly ProcessFact[],
  { connection, signal }: Pick<Probe, 'connection' | 'signal'>,
): Promise<Restarts> {
  const units = [...new Set(selected.flatMap(({ unit }) => unit ?? []))];
  if (units.length === 0) return new Map();
  const argv = ['systemctl', 'show', '--no-pager', '-p', 'Id,NRestarts', '--', ...units];
  const done = await connection.execute(argv, { signal, timeoutMs: LIMIT_MS });
  if (done.exitCode !== 0)
    throw new Error(
      `systemd counts restarts, and cannot be asked: ${done.stderr.trim() || `exit ${done.exitCode}`}`,
    );
  return restartsIn(done.stdout, units);
}

/** Reads `systemctl show`: a block for each unit, in the order in which they were asked for. Pure. */
export function restartsIn(output: string, units: readonly string[]): Restarts {
  const blocks = output.trim().split(/\n\n+/);
  return new Map(
    units.flatMap((unit, at): [string, number][] => {
      const count = /^NRestarts=(\d+)$/m.exec(blocks[at] ?? '')?.[1];
      return count === undefined ? [] : [[unit, Number(count)]];
    }),
  );
}

/** The restarts of all units that the processes belong to, added up. Pure. */
export function judgeRestarts(
  wanted: Matcher,
  selected: readonly ProcessFact[],
  restarts: Restarts,
): CheckResult {
  const source = 'systemd';
  const uncounted = selected.find(({ unit }) => unit === undefined || !restarts.has(unit));
  if (uncounted) {
    const of = uncounted.unit === undefined ? 'no unit' : `${uncounted.unit}, which is no service`;
    const why = `${describeProcess(uncounted)} belongs to ${of}: nobody counts its restarts`;
    return cannotLook('restarts', 'restarts counted by systemd', why, source);
  }
  const units = [...new Set(selected.flatMap(({ unit }) => unit ?? []))];
  const notes = units.map((unit) => `${unit}: ${restarts.get(unit)}`);
  const total = units.reduce((sum, unit) => sum + (restarts.get(unit) ?? 0), 0);
  return judgeValue('restarts', total, wanted, { source, notes });
}
