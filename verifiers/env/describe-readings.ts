import { cannotLook } from '../../src/checks/judge-value.ts';
import { describeProcesses } from '../../src/checks/probe/select-processes.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { Reading } from './facts.ts';

/** Processes with the same trouble are named together. Pure. */
export function describeBad(judged: number, bad: readonly (Reading & { readonly wrong: string })[]): string {
  const ok = judged - bad.length;
  const lines = [...Map.groupBy(bad, (one) => one.wrong)].map(([what, group]) => {
    return `${describeProcesses(group.map((one) => one.process))}: ${what}`;
  });
  return `${ok > 0 ? `${ok} of ${judged} ok; ` : ''}${lines.join('; ')}`;
}

/** Some could not be read, and none that could is wrong. Pure. */
export function cannotRead(
  property: string,
  expected: string,
  unread: readonly Reading[],
  all: number,
  source: string,
): CheckResult {
  const groups = [...Map.groupBy(unread, (one) => one.error ?? 'unknown')];
  const why = groups.map(([error, group]) => {
    const who = group
      .slice(0, 5)
      .map((one) => `pid ${one.process.pid}`)
      .join(', ');
    return `${group.length} of ${all} processes (${who}${more(group)}): ${error}`;
  });
  const notes = groups.flatMap(([error, group]) => (group[0] ? elsewhere(error, group[0]) : []));
  return { ...cannotLook(property, expected, why.join('; '), source), ...(notes.length > 0 && { notes }) };
}

/** What the other place says, when one of the two cannot be read. */
function elsewhere(error: string, { fact }: Reading): string[] {
  if (error.includes('static')) {
    return [`the block at start ${said(fact?.atExec)}; source: exec reads that one`];
  }
  if (error.includes('overwritten') && fact?.live !== undefined) {
    return [`the live environment ${said(fact.live)}; source: live reads that one`];
  }
  return [];
}

function said(value: string | null | undefined): string {
  if (value === undefined) return 'could not be read either';
  return value === null ? 'does not have it' : `has it (${value.length} chars)`;
}

function more(group: readonly unknown[]): string {
  return group.length > 5 ? ` and ${group.length - 5} more` : '';
}
