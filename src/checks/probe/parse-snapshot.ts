import type {
  EnvironFact,
  FileFact,
  ProcessFact,
  Snapshot,
  SnapshotSection,
  SocketFact,
  UnitFact,
} from '../../core/snapshot.ts';
import { PROBE_VERSION } from './launcher.ts';
import { logFact } from './log-rows.ts';
import { withDetails } from './process-rows.ts';
import { parseRows, type Row } from './rows.ts';
import { inetSocket, unixSocket } from './socket-rows.ts';
import { systemFacts } from './system/facts.ts';
import { parseUnitEnvironment } from './unit-environment.ts';

export interface ParsedProbe {
  readonly snapshot: Snapshot;
  /** Sections that this place could not answer and the instance itself can (a sidecar has another network). */
  readonly elsewhere: readonly string[];
  readonly otherNetwork: boolean;
}

/**
 * Reads the output of a probe program. `via` is the transport's word for how it was run. Pure.
 * Throws when the output is cut, not of this version, or says that nothing could be looked at.
 */
export function parseSnapshot(output: string, via: string): ParsedProbe {
  const rows = parseRows(output);
  const of = (kind: string): Row[] => rows.filter((row) => row.kind === kind);
  const errors = errorsOf(of('error'));
  if (errors['all'] !== undefined) throw new Error(errors['all']);
  const head = of('head')[0];
  if (head === undefined) throw new Error('the probe said nothing about itself');
  if (head.text(0) !== PROBE_VERSION)
    throw new Error(`the probe speaks version ${head.text(0)}, not ${PROBE_VERSION}`);
  const endian = head.text(6) === 'big' ? 'big' : 'little';
  const system = systemFacts(rows, endian);
  const unreadable = of('unreadable').flatMap((row) => row.list(0).map(Number));
  const snapshot: Snapshot = {
    takenAt: head.number(1),
    via: `${via}${via === 'exec' && head.flag(5) ? ' (SYS_PTRACE)' : ''}, ${head.text(2)}`,
    sockets: socketsOf(rows, endian, unreadable.length > 0),
    processes: withDetails(of('p').map(processFact), of('pd')),
    environ: of('e').map(environFact),
    files: of('f').map(fileFact),
    units: of('u').map(unitFact),
    logs: of('l').map(logFact),
    globs: Object.fromEntries(
      of('fg').map((row) => [row.text(0), { paths: row.list(1), isCut: row.flag(2) }]),
    ),
    addresses: Object.fromEntries(of('r').map((row) => [row.text(0), row.list(1)])),
    unreadableFds: unreadable,
    ...system.facts,
    errors: { ...system.errors, ...errors },
  };
  return { snapshot, elsewhere: of('elsewhere').map((row) => row.text(0)), otherNetwork: head.flag(4) };
}

function errorsOf(rows: readonly Row[]): Partial<Record<SnapshotSection | 'all', string>> {
  const errors: Record<string, string> = {};
  for (const row of rows) {
    const section = row.text(0);
    errors[section] = errors[section] === undefined ? row.text(1) : `${errors[section]}; ${row.text(1)}`;
  }
  return errors;
}

function socketsOf(rows: readonly Row[], endian: 'little' | 'big', someUnreadable: boolean): SocketFact[] {
  const holders = new Map<number, number[]>();
  const fds = new Map<number, number[]>();
  const peers = new Map<number, string>();
  const v6only = new Map<number, boolean>();
  const backlogs = new Map<number, number>();
  for (const row of rows) {
    if (row.kind === 'o') {
      holders.set(row.number(0), row.list(1).map(Number));
      fds.set(row.number(0), row.list(2).map(Number));
    }
    if (row.kind === 'xp') peers.set(row.number(0), row.text(1));
    if (row.kind === 'bl') backlogs.set(row.number(0), row.number(1));
    if (row.kind === 'v6') v6only.set(row.number(0), row.flag(1));
  }
  return rows
    .filter(({ kind }) => kind === 's' || kind === 'x')
    .map((row) => {
      const raw =
        row.kind === 's'
          ? inetSocket(
              row.text(0),
              row.text(1),
              row.text(2),
              row.text(3),
              row.number(4),
              row.number(5),
              endian,
            )
          : unixSocket(row.text(0), row.text(1), row.text(2), row.number(3), row.text(4));
      const only = v6only.get(raw.inode);
      const backlog = raw.state === 'listen' ? backlogs.get(raw.inode) : undefined;
      return {
        ...raw,
        ...(raw.family === 'ipv6' && only !== undefined && { v6only: only }),
        ...(backlog !== undefined && { backlog }),
        pids: holders.get(raw.inode) ?? (someUnreadable ? undefined : []),
        ...(peers.has(raw.inode) && { peerPath: peers.get(raw.inode) }),
        ...(fds.has(raw.inode) && { fds: fds.get(raw.inode) }),
      };
    });
}

function processFact(row: Row): ProcessFact {
  return {
    pid: row.number(0),
    ppid: row.number(1),
    comm: row.text(2),
    args: row.list(3),
    ...(row.flag(4) && { argsCut: true }),
    exe: row.optional(5),
    uid: row.number(6),
    user: row.text(7),
    state: row.text(8),
    startedAt: row.number(9),
    unit: row.optional(10),
    rssKb: row.number(11),
    threads: row.number(12),
    ...(/[1-9]/.test(row.text(13)) && { stackStart: row.text(13) }),
  };
}

function environFact(row: Row): EnvironFact {
  const [liveRead, atExecRead] = [row.flag(2), row.flag(4)];
  return {
    pid: row.number(0),
    key: row.text(1),
    live: liveRead ? (row.optional(3) ?? null) : undefined,
    liveError: liveRead ? undefined : row.text(3),
    atExec: atExecRead ? (row.optional(5) ?? null) : undefined,
    atExecError: atExecRead ? undefined : row.text(5),
  };
}

const FILE_TYPES = ['file', 'directory', 'symlink', 'socket', 'fifo', 'block', 'char'] as const;

function fileFact(row: Row): FileFact {
  const [path, error] = [row.text(0), row.optional(13)];
  if (!row.flag(1)) return { path, exists: false, ...(error !== undefined && { error }) };
  const type = FILE_TYPES.find((one) => one === row.text(2));
  const [target, content, sha256] = [row.optional(10), row.optional(11), row.optional(14)];
  return {
    path,
    exists: true,
    ...(type && { type }),
    mode: row.number(3),
    uid: row.number(4),
    gid: row.number(5),
    owner: row.text(6),
    group: row.text(7),
    size: row.number(8),
    mtime: row.number(9),
    ...(target !== undefined && { target }),
    ...(content !== undefined && { content, truncated: row.flag(12) }),
    ...(sha256 !== undefined && { sha256 }),
    ...(error !== undefined && { error }),
  };
}

const MANAGERS = ['systemd', 'sysv', 'runit', 'none'] as const;

function unitFact(row: Row): UnitFact {
  return {
    unit: row.text(0),
    manager: MANAGERS.find((one) => one === row.text(1)) ?? 'none',
    known: row.flag(2),
    active: row.text(3),
    sub: row.text(4),
    enabled: row.text(5),
    mainPid: row.number(6),
    restarts: row.number(7),
    result: row.text(8),
    environment: parseUnitEnvironment(row.text(9)),
    environmentFiles: row.list(10).map((file) => file.replace(/ \(ignore_errors=.*\)$/, '')),
    needsReload: row.flag(11),
    ...(row.text(1) === 'systemd' && { props: propsOf(row.list(12)) }),
  };
}

function propsOf(pairs: readonly string[]): Record<string, string> {
  const props: Record<string, string> = {};
  for (let at = 0; at + 1 < pairs.length; at += 2) props[pairs[at] ?? ''] = pairs[at + 1] ?? '';
  return props;
}
