import { isEngineDns } from '../../checks/is-engine-dns.ts';
import type { ResourceResult } from '../../core/events.ts';
import type { ServiceAddress } from '../../core/service.ts';
import type { ProcessFact, Snapshot, SocketFact } from '../../core/snapshot.ts';
import { type ProcessGroup, processGroups } from './process-groups.ts';

/** What a port of the instance answered to a plain GET, asked from inside. */
export interface Answer {
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly path: string;
  readonly status: number;
  /** Lower-case name → values. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/** Everything that checks are written from. */
export interface Observed {
  /** Processes, sockets with owners, names of variables, cron. */
  readonly first: Snapshot;
  /** Taken after the requests: sockets again, units, files, values of variables, addresses of companions. */
  readonly second: Snapshot;
  readonly answers: readonly Answer[];
  /** What Chef said of its resources in the last converge that is kept. */
  readonly resources: readonly ResourceResult[];
  readonly companions: Readonly<Record<string, ServiceAddress>>;
  readonly groups: readonly ProcessGroup[];
}

export function observed(facts: Omit<Observed, 'groups'>): Observed {
  return { ...facts, groups: processGroups(facts.first) };
}

/** TCP ports on which a process of ours listens, each once, with its owners. */
export interface OpenPort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly addresses: readonly string[];
  readonly owners: readonly string[];
}

/** Above it the kernel chooses ports for whoever does not care. */
const EPHEMERAL = 32_768;

/** Ports on which somebody listens who stays; what belongs to the machine itself is left out. */
export function openPorts(snapshot: Snapshot, groups: readonly ProcessGroup[]): readonly OpenPort[] {
  const listening = snapshot.sockets.filter((socket) => {
    const { protocol, state, localPort } = socket;
    if (protocol === 'unix' || state !== 'listen' || isEngineDns(socket)) return false;
    return protocol !== 'udp' || localPort < EPHEMERAL;
  });
  const found = Map.groupBy(listening, ({ protocol, localPort }) => `${protocol} ${localPort}`);
  return [...found.values()].flatMap((sockets) => {
    const [first] = sockets;
    const owners = ownersOf(sockets, groups);
    // A port whose owners can be told and are none of ours is the machine's.
    const isOthers =
      owners.length === 0 && sockets.every(({ pids }) => pids !== undefined && pids.length > 0);
    if (!first || first.protocol === 'unix' || isOthers) return [];
    const addresses = [...new Set(sockets.map((one) => one.localAddress))];
    return [{ port: first.localPort, protocol: first.protocol, addresses, owners }];
  });
}

export function ownersOf(sockets: readonly SocketFact[], groups: readonly ProcessGroup[]): readonly string[] {
  const pids = new Set(sockets.flatMap((one) => one.pids ?? []));
  return groups.filter(({ processes }) => processes.some(({ pid }) => pids.has(pid))).map(({ name }) => name);
}

/** Users of a group, each once. */
export function usersOf(processes: readonly ProcessFact[]): readonly string[] {
  return [...new Set(processes.map(({ user }) => user))];
}
