import type { ProcessDetails, ProcessFact } from '../../core/snapshot.ts';
import type { Row } from './rows.ts';

/** Joins the rows with details to the processes they are about. */
export function withDetails(processes: readonly ProcessFact[], rows: readonly Row[]): ProcessFact[] {
  const details = new Map(rows.map((row) => [row.number(0), detailsOf(row)]));
  return processes.map((one) => {
    const found = details.get(one.pid);
    return found ? { ...one, details: found } : one;
  });
}

function detailsOf(row: Row): ProcessDetails {
  const number = (index: number): number | undefined =>
    row.optional(index) === undefined ? undefined : row.number(index);
  const limits = row.optional(4);
  return {
    cwd: row.optional(1),
    openFiles: number(2),
    oomScore: number(3),
    limits: limits === undefined ? undefined : parseLimits(limits),
  };
}

/** /proc/PID/limits: `Max open files            1024                 524288               files`, see proc(5). */
export function parseLimits(text: string): NonNullable<ProcessDetails['limits']> {
  const limits: Record<string, { soft: number; hard: number }> = {};
  for (const line of text.split('\n')) {
    const found = /^Max (.*?)\s{2,}(\d+|unlimited)\s+(\d+|unlimited)/.exec(line);
    if (found) limits[found[1] ?? ''] = { soft: limit(found[2]), hard: limit(found[3]) };
  }
  return limits;
}

function limit(text: string | undefined): number {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
}
