import type { SystemFacts, SystemNeeds, SystemSection } from './system-facts.ts';

/** What one look at an instance should contain. Needs of several checks are merged by union. */
export interface SnapshotNeeds extends SystemNeeds {
  /** Sockets from /proc/net, with their owners as far as the plain right to look goes. */
  readonly sockets?: boolean;
  /** Owners matter: asks for the right to read other users' file descriptors. Implies `sockets`. */
  readonly socketOwners?: boolean;
  /** Paths of unix sockets (`@name` when abstract): those connected to one are told with `peerPath`. */
  readonly unixPeers?: readonly string[];
  readonly processes?: boolean;
  /**
   * Environment keys to read, for processes whose name is in `names` (all user processes when empty) and, when
   * given, that belong to `unit`. The key `*` gives the names of all variables, a line each, without values.
   */
  readonly environ?: readonly {
    readonly key: string;
    readonly names: readonly string[];
    readonly unit?: string | undefined;
  }[];
  /** Absolute paths (no globs) to stat; `content` also reads up to 1 MiB. */
  readonly files?: readonly { readonly path: string; readonly content: boolean }[];
  /** Patterns of paths (`*`, `?`, `[…]`); all that match are looked at as if named under `files`. */
  readonly globs?: readonly { readonly pattern: string; readonly content: boolean }[];
  /** Log files: where they end now, or what was written since the start or a position told earlier. */
  readonly logs?: readonly LogNeed[];
  /** Working folder, open files, limits and out-of-memory score of each process. Implies `processes`. */
  readonly processDetails?: boolean;
  /** Service units to ask the service manager about. */
  readonly units?: readonly string[];
  /** Properties of these units to ask systemd for, e.g. `Restart`. */
  readonly unitProps?: readonly string[];
  /** Host names to resolve as the instance does. */
  readonly resolve?: readonly string[];
}

/** A place in a log file. */
export interface LogPosition {
  readonly inode: number;
  readonly device: number;
  /** Bytes before it. */
  readonly size: number;
  /** Checksum over the `tailLength` bytes before it. */
  readonly tail: number;
  readonly tailLength: number;
}

export interface LogNeed {
  readonly path: string;
  readonly from: 'start' | 'end' | LogPosition;
}

export interface LogFact extends LogNeed {
  readonly exists: boolean;
  /** Where it ends now. */
  readonly end?: LogPosition;
  /** What was written from there on, in rotated files beside it too; undefined for `from: 'end'`. */
  readonly text?: string;
  /** There is more than could be read; what came first is kept. */
  readonly isCut?: boolean;
  /** What became of the file since the position was told. */
  readonly how?: 'same' | 'rotated' | 'truncated';
  /** Why a part of what was written since then could not be found. */
  readonly missed?: string;
  /** Minutes east of UTC in the instance's time zone. */
  readonly utcOffset?: number;
  /** Why it could not be looked at. */
  readonly error?: string;
}

export interface SocketFact {
  readonly protocol: 'tcp' | 'udp' | 'unix';
  readonly family: 'ipv4' | 'ipv6' | 'unix';
  /** `listen` of UDP and datagram sockets: bound, not connected. */
  readonly state: 'listen' | 'established' | 'other';
  /** Kernel's name of a TCP state, e.g. `close-wait`. */
  readonly tcpState?: string;
  /** IPV6_V6ONLY of a listening IPv6 socket; absent when it could not be asked. */
  readonly v6only?: boolean;
  /** Connections that may wait to be accepted, as given to listen(2); absent when it could not be asked. */
  readonly backlog?: number;
  /** Address text (`0.0.0.0`, `::1`) or the path of a unix socket (`@name` when abstract). */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly inode: number;
  readonly uid: number;
  /** Processes that hold the socket; undefined when the file descriptors could not be read. */
  readonly pids: readonly number[] | undefined;
  /** The path that the other end of a connected unix socket is bound to, when `unixPeers` asked for it. */
  readonly peerPath?: string | undefined;
  /** The number of its (first) file descriptor in each of `pids`. */
  readonly fds?: readonly number[] | undefined;
}

export interface ProcessFact {
  readonly pid: number;
  readonly ppid: number;
  /** /proc/PID/comm: at most 15 characters. */
  readonly comm: string;
  readonly args: readonly string[];
  /** The command line was longer than 4 KiB and is cut. */
  readonly argsCut?: boolean;
  readonly exe: string | undefined;
  readonly uid: number;
  readonly user: string;
  /** R S D Z T … */
  readonly state: string;
  /** Seconds since the epoch, with fraction. */
  readonly startedAt: number;
  /** systemd unit from the cgroup, when there is one. */
  readonly unit: string | undefined;
  readonly rssKb: number;
  readonly threads: number;
  /** Address of its stack: fork keeps it, exec chooses another. Undefined when it may not be read. */
  readonly stackStart?: string | undefined;
  /** Present when asked for; what is undefined could not be read. */
  readonly details?: ProcessDetails;
  /** Set by a selector that asks for the owner of a port or the process of a pid file. */
  readonly isChosen?: boolean;
}

export interface ProcessDetails {
  readonly cwd: string | undefined;
  readonly openFiles: number | undefined;
  readonly oomScore: number | undefined;
  /** /proc/PID/limits, e.g. `open files` → soft and hard limit; Infinity = unlimited. */
  readonly limits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>> | undefined;
}

/** One environment variable of one process, read from two places. `null` = read, and not set. */
export interface EnvironFact {
  readonly pid: number;
  readonly key: string;
  /** libc's `environ`, through /proc/PID/mem; undefined when it could not be read (see `liveError`). */
  readonly live: string | null | undefined;
  readonly liveError: string | undefined;
  /** The block given to execve, /proc/PID/environ; undefined when it could not be read. */
  readonly atExec: string | null | undefined;
  readonly atExecError: string | undefined;
}

/** A link is followed for everything but `type` and `target`; a dangling link describes itself. */
export interface FileFact {
  readonly path: string;
  readonly exists: boolean;
  readonly type?: 'file' | 'directory' | 'symlink' | 'socket' | 'fifo' | 'block' | 'char';
  /** Permission bits, e.g. 0o644. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly owner?: string;
  readonly group?: string;
  readonly size?: number;
  /** Seconds since the epoch. */
  readonly mtime?: number;
  readonly target?: string;
  /** Text, at most 1 MiB; undefined when not asked for or not a regular file. */
  readonly content?: string;
  readonly truncated?: boolean;
  readonly sha256?: string;
  /** Why it could not be looked at (not the same as absent). */
  readonly error?: string;
}

export interface UnitFact {
  readonly unit: string;
  readonly manager: 'systemd' | 'sysv' | 'runit' | 'none';
  /** False when the manager does not know the unit. */
  readonly known: boolean;
  readonly active: string;
  readonly sub: string;
  readonly enabled: string;
  readonly mainPid: number;
  readonly restarts: number;
  readonly result: string;
  /** `Environment=` of the loaded unit, parsed. */
  readonly environment: Readonly<Record<string, string>>;
  readonly needsReload: boolean;
  /** `EnvironmentFile=` of the loaded unit. */
  readonly environmentFiles?: readonly string[];
  /** The properties asked for, as systemctl show prints them; undefined when the manager is not systemd. */
  readonly props?: Readonly<Record<string, string>>;
}

export type SnapshotSection =
  | 'sockets'
  | 'peers'
  | 'processes'
  | 'environ'
  | 'files'
  | 'logs'
  | 'units'
  | 'addresses'
  | SystemSection;

/** A section that could not be taken is an Error text instead of data; checks that need it end in `error`. */
export interface Snapshot extends SystemFacts {
  /** Seconds since the epoch on the instance. */
  readonly takenAt: number;
  /** `exec`, `sidecar`, `sudo`, … and the interpreter used. */
  readonly via: string;
  readonly sockets: readonly SocketFact[];
  readonly processes: readonly ProcessFact[];
  readonly environ: readonly EnvironFact[];
  readonly files: readonly FileFact[];
  readonly units: readonly UnitFact[];
  readonly logs?: readonly LogFact[];
  /** Pattern → the paths that match, at most 1000; `isCut` when there were more. */
  readonly globs?: Readonly<Record<string, { readonly paths: readonly string[]; readonly isCut: boolean }>>;
  /** Host name → its addresses as the instance resolves it; empty when it does not resolve. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  /** Processes whose file descriptors could not be read: they may hold sockets that show no or fewer owners. */
  readonly unreadableFds?: readonly number[];
  /** Section name → why it could not be taken (or not wholly). */
  readonly errors: Readonly<Partial<Record<SnapshotSection, string>>>;
}
