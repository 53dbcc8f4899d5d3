import type { CheckResult } from '../../core/check.ts';
import type { FileFact, ProcessFact } from '../../core/snapshot.ts';
import { cannotLook } from '../judge-value.ts';
import { clockTime, describeProcesses } from './select-processes.ts';

/** Start times are multiples of 10 ms against an uptime of 10 ms; file times may lag by a tick of the kernel. */
const TOLERANCE_S = 0.1;

/**
 * Whether each process was started after a file was last changed; one that was not still runs with the old content.
 * A reload keeps the start time of the master (it is the same process), so a stale master alone is explained. Pure.
 */
export function judgeStartedAfter(
  path: string,
  file: FileFact | undefined,
  processes: readonly ProcessFact[],
  source: string,
): CheckResult {
  const property = 'startedAfter';
  const expected = `startedAfter the last change of ${path}`;
  if (file?.error !== undefined) return cannotLook(property, expected, `${path}: ${file.error}`, source);
  if (!file?.exists || file.mtime === undefined) {
    return cannotLook(
      property,
      expected,
      `${path} does not exist, so there is nothing to compare with`,
      source,
    );
  }
  const { mtime } = file;
  const stale = processes.filter((one) => one.startedAt + TOLERANCE_S < mtime);
  const changed = `${path} changed ${clockTime(mtime)}`;
  if (stale.length === 0) {
    const observed = `${processes.length === 1 ? 'so' : `all ${processes.length} so`}; ${changed}`;
    return { property, outcome: 'pass', expected, observed, source };
  }
  const pids = new Set(processes.map((one) => one.ppid));
  const isMasterOnly =
    stale.length === 1 && stale[0] !== undefined && pids.has(stale[0].pid) && processes.length > 1;
  return {
    property,
    outcome: 'fail',
    expected,
    observed: `${stale.length} of ${processes.length} older: ${describeProcesses(stale)}; ${changed}`,
    source,
    notes: [
      isMasterOnly
        ? 'cause: only the master is older: a reload keeps its start time, so select role: worker'
        : 'cause: not restarted since the change: it runs with the old content (notify the service from the resource that writes the file)',
    ],
  };
}
