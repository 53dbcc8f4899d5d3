import type { ProcessFact, Snapshot, SnapshotNeeds, SocketFact } from '../../core/snapshot.ts';
import type { ProcessSelector } from './process-selector.ts';
import { selectProcesses } from './select-processes.ts';

/** What must be looked at to know which processes are meant. */
export function selectorNeeds({ port, pidfile }: ProcessSelector): SnapshotNeeds {
  return {
    processes: true,
    ...(port !== undefined && { sockets: true, socketOwners: true }),
    ...(pidfile !== undefined && { files: [{ path: pidfile, content: true }] }),
  };
}

/**
 * The processes of a snapshot, those marked that own the port and have the number of the pid file. Throws where that
 * cannot be known; a pid file that is not there names nobody. Pure.
 */
export function chosenProcesses(selector: ProcessSelector, snapshot: Snapshot): readonly ProcessFact[] {
  const { exe, port, pidfile } = selector;
  const all = snapshot.processes;
  if (exe !== undefined) {
    const hidden = selectProcesses(all, { ...selector, exe: undefined }).filter((one) => isHidden(one));
    if (hidden.length > 0)
      throw new Error(`no right to read the program file of pid ${hidden.map((one) => one.pid).join(', ')}`);
  }
  if (port === undefined && pidfile === undefined) return all;
  const sets = [
    ...(port === undefined ? [] : [ownersOf(port, selector, snapshot)]),
    ...(pidfile === undefined ? [] : [namedIn(pidfile, snapshot)]),
  ];
  return all.map((one) => ({ ...one, isChosen: sets.every((pids) => pids.has(one.pid)) }));
}

/** Threads of the kernel have no program file, and no arguments. */
function isHidden({ exe, args }: ProcessFact): boolean {
  return exe === undefined && args.length > 0;
}

function ownersOf(
  port: number | string,
  selector: ProcessSelector,
  { sockets, processes, unreadableFds = [] }: Snapshot,
): ReadonlySet<number> {
  const found = sockets.filter((one) => one.state === 'listen' && isAt(one, port));
  const others = selectProcesses(processes, { ...selector, port: undefined, pidfile: undefined });
  const unread = others.filter(({ pid }) => unreadableFds.includes(pid));
  if (found.length > 0 && (unread.length > 0 || found.some(({ pids }) => pids === undefined)))
    throw new Error(`no right to read who listens on ${port} (needs root with CAP_SYS_PTRACE)`);
  return new Set(found.flatMap(({ pids }) => pids ?? []));
}

function isAt(socket: SocketFact, port: number | string): boolean {
  if (typeof port === 'number') return socket.protocol === 'tcp' && socket.localPort === port;
  return socket.protocol === 'unix' && socket.localAddress === port.replace(/^\/var\/run\//, '/run/');
}

function namedIn(path: string, { files }: Snapshot): ReadonlySet<number> {
  const file = files.find((one) => one.path === path);
  if (file === undefined || file.error !== undefined)
    throw new Error(`${path}: ${file?.error ?? 'it was not looked at'}`);
  if (!file.exists) return new Set();
  const pid = /^\s*(\d+)\s*(?:\n|$)/.exec(file.content ?? '')?.[1];
  if (pid === undefined) throw new Error(`${path} has no process number in its first line`);
  return new Set([Number(pid)]);
}
