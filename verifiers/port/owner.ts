import { describeMatcher } from '../../src/checks/describe-matcher.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ProcessFact, SocketFact } from '../../src/core/snapshot.ts';
import type { PortFacts } from './facts.ts';
import type { PortSpec } from './schema.ts';

/**
 * The processes that hold the listening sockets, all of them. A socket whose holder may be among processes that
 * could not be read has no known owner; that is an error, unless what is known is wrong already. Pure.
 */
export function judgeOwner(
  owner: NonNullable<PortSpec['owner']>,
  found: readonly SocketFact[],
  facts: PortFacts,
): CheckResult[] {
  const pids = [...new Set(found.flatMap((socket) => socket.pids ?? []))].toSorted((a, b) => a - b);
  const processes = pids.flatMap((pid) => facts.processes.find((one) => one.pid === pid) ?? []);
  const source = `/proc/PID/fd, via ${facts.via}`;
  const values: Record<keyof typeof owner, readonly unknown[]> = {
    name: distinct(processes.map(nameOf)),
    user: distinct(processes.map((one) => one.user)),
    pid: pids,
    unit: distinct(processes.flatMap((one) => one.unit ?? [])),
  };
  const notes = processes.map(
    (one) => `held by pid ${one.pid} (${one.comm}, ${one.user}${one.unit ? `, ${one.unit}` : ''})`,
  );
  return (['name', 'user', 'pid', 'unit'] as const).flatMap((key): CheckResult[] => {
    const wanted = owner[key];
    if (wanted === undefined) return [];
    const property = `owner.${key}`;
    if (processes.length === 0) {
      const why =
        facts.unreadableFds.length > 0
          ? `no right to read the open files of ${facts.unreadableFds.length} processes (needs root with CAP_SYS_PTRACE)`
          : 'no process on the instance holds the socket (another container or the kernel does)';
      return [cannotLook(property, describeMatcher(wanted), why, source)];
    }
    const unread = facts.unreadableFds.length;
    if (unread > 0 && IS_ABOUT_ALL.has(wanted.kind)) {
      const why = `the open files of ${unread} processes could not be read (needs root with CAP_SYS_PTRACE), and they may hold it too`;
      return [cannotLook(property, describeMatcher(wanted), why, source)];
    }
    return [judgeValue(property, values[key], wanted, { source, notes: notes.slice(0, 10) })];
  });
}

/** Matchers that an owner we do not know of could make false. */
const IS_ABOUT_ALL = new Set([
  'equal',
  'not',
  'none',
  'each',
  'subset',
  'exactly',
  'only',
  'count',
  'absent',
  'all',
]);

/** comm, or the whole name where the kernel cut it at 15 characters. */
function nameOf(process: ProcessFact): string {
  const file = process.exe?.replace(/ \(deleted\)$/, '').replace(/^.*\//, '');
  return file !== undefined && process.comm.length === 15 && file.startsWith(process.comm)
    ? file
    : process.comm;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
