import { describeProcess, isNamed, rolesOf } from '../../src/checks/probe/select-processes.ts';
import type { ProcessFact, SocketFact } from '../../src/core/snapshot.ts';
import { plainAddress } from './target.ts';

/** A connection and those of the selected processes that hold it. */
export interface Held {
  readonly socket: SocketFact;
  readonly pids: readonly number[];
}

/** How each server is told to connect after fork. The first line that fits one of the processes is said. */
const ADVICE: readonly (readonly [name: string, advice: string])[] = [
  [
    'uwsgi',
    'uWSGI: lazy-apps = true, or close the pool in a postfork hook (uwsgidecorators; SQLAlchemy: engine.dispose(close=False))',
  ],
  ['gunicorn', 'gunicorn: without preload_app (--preload), or connect in the post_fork hook'],
  ['puma', 'Puma: without preload_app!, or disconnect in before_fork and connect in on_worker_boot'],
  ['unicorn', 'Unicorn: preload_app false, or disconnect in before_fork and connect in after_fork'],
];

const ANY_SERVER =
  'open it after fork: uWSGI lazy-apps or a postfork hook, gunicorn without preload_app, Puma on_worker_boot, Unicorn after_fork';

/** Which connections are shared, by whom since when, and what to do. Pure. */
export function sharedNotes(shared: readonly Held[], selected: readonly ProcessFact[]): string[] {
  if (shared.length === 0) return [];
  const pids = new Set(shared.flatMap((one) => one.pids));
  const holders = selected.filter((one) => pids.has(one.pid));
  const opener = holders.find((one) => holders.some((other) => other.ppid === one.pid));
  const who =
    opener === undefined
      ? 'it was opened before they were forked'
      : `${describeProcess(opener)} had it open when it forked the others`;
  const advice = ADVICE.find(([name]) => holders.some((one) => isNamed(one, name)))?.[1];
  return [
    ...shared.slice(0, 5).map((one) => describeShared(one, selected)),
    ...(shared.length > 5 ? [`and ${shared.length - 5} more`] : []),
    `${who}; used at once, they can read each other’s answers`,
    advice ?? ANY_SERVER,
  ];
}

/** The other end, as a check would name it. */
export function remoteOf(socket: SocketFact): string {
  return socket.peerPath ?? `${plainAddress(socket.remoteAddress)}:${socket.remotePort}`;
}

const SHOWN = 6;

function describeShared({ socket, pids }: Held, selected: readonly ProcessFact[]): string {
  const roles = rolesOf(selected);
  const shown = pids.slice(0, SHOWN).map((pid) => {
    const fd = socket.fds?.[socket.pids?.indexOf(pid) ?? -1];
    const words = [roles.get(pid), fd === undefined ? undefined : `fd ${fd}`].filter(Boolean);
    return words.length > 0 ? `${pid} (${words.join(', ')})` : String(pid);
  });
  const rest = pids.length > SHOWN ? ` and ${pids.length - SHOWN} more` : '';
  const here = socket.protocol === 'unix' ? '' : `${socket.localAddress}:${socket.localPort} `;
  return `pids ${shown.join(', ')}${rest} share socket inode ${socket.inode} (${here}→ ${remoteOf(socket)}, ${socket.tcpState ?? socket.state})`;
}
