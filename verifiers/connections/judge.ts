import { describeMatcher } from '../../src/checks/describe-matcher.ts';
import { holds } from '../../src/checks/holds.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import { nothingSelected, selectProcesses } from '../../src/checks/probe/select-processes.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ProcessFact, SocketFact } from '../../src/core/snapshot.ts';
import type { ConnectionsSpec } from './schema.ts';
import { type Held, remoteOf, sharedNotes } from './shared.ts';
import { parseTarget, plainAddress } from './target.ts';

export interface ConnectionsFacts {
  readonly processes: readonly ProcessFact[];
  readonly sockets: readonly SocketFact[];
  readonly unreadableFds: readonly number[];
  /** Addresses of the target's host as the instance resolves it; undefined when no name had to be resolved. */
  readonly addresses: readonly string[] | undefined;
  readonly via: string;
}

const NONE_SHARED: Matcher = { kind: 'equal', value: 0 };
const SOME_SHARED: Matcher = { kind: 'gte', value: 1 };

/** Pure. What could not be read makes an error, unless what could be read is wrong already. */
export function judgeConnections(spec: ConnectionsSpec, facts: ConnectionsFacts): CheckResult[] {
  const selector = spec.connections.of;
  const selected = selectProcesses(facts.processes, selector);
  const table = spec.to !== undefined && parseTarget(spec.to)?.path !== undefined ? 'unix' : 'tcp';
  const source = `/proc/PID/fd and /proc/net/${table} of ${selected.length} processes, via ${facts.via}`;
  if (selected.length === 0) {
    const who = describeSelector(selector);
    const notes = nothingSelected(facts.processes, selector);
    return [
      {
        property: 'of',
        outcome: 'fail',
        expected: `of ${who}: at least one process`,
        observed: `no process is ${who}`,
        source,
        notes,
      },
    ];
  }
  const target = spec.to === undefined ? undefined : parseTarget(spec.to);
  if (spec.to !== undefined && target === undefined)
    return [cannotLook('to', spec.to, 'it is not host:port, a port or a path', source)];
  if (facts.addresses?.length === 0) {
    return [cannotLook('to', spec.to ?? '', `the instance cannot resolve ${target?.host}`, source)];
  }
  const hosts = facts.addresses ?? (target?.host === undefined ? undefined : [target.host]);
  const isTarget = (socket: SocketFact): boolean => {
    if (target?.path !== undefined) return socket.peerPath === target.path;
    if (socket.protocol !== 'tcp') return false;
    if (target === undefined) return true;
    const isHost = hosts === undefined || hosts.includes(plainAddress(socket.remoteAddress));
    return socket.remotePort === target.port && isHost;
  };
  const held = heldBy(selected, facts.sockets.filter(isTarget));
  const unread = selected.filter((one) => facts.unreadableFds.includes(one.pid)).map((one) => one.pid);
  return judgeAll(spec, held, { unread, selected, source });
}

/** Connections (TCP with a remote end) that the processes hold, in any state: a shared one in CLOSE_WAIT is shared. */
function heldBy(selected: readonly ProcessFact[], sockets: readonly SocketFact[]): Held[] {
  const pids = new Set(selected.map((one) => one.pid));
  return sockets
    .filter((socket) => socket.inode !== 0 && (socket.peerPath !== undefined || isOpenTcp(socket)))
    .map((socket) => ({ socket, pids: (socket.pids ?? []).filter((pid) => pids.has(pid)) }))
    .filter((one) => one.pids.length > 0);
}

function isOpenTcp(socket: SocketFact): boolean {
  return socket.protocol === 'tcp' && socket.state !== 'listen' && socket.remotePort !== 0;
}

interface Context {
  readonly unread: readonly number[];
  readonly selected: readonly ProcessFact[];
  readonly source: string;
}

function judgeAll(spec: ConnectionsSpec, held: readonly Held[], context: Context): CheckResult[] {
  const { count, state, sharedBetweenProcesses } = spec;
  const to = spec.to === undefined ? '' : ` to ${spec.to}`;
  const results: CheckResult[] = [];
  if (count) {
    const notes = held.length === 0 ? [`no connection${to} is open now`] : [`open: ${summary(held)}`];
    results.push(judged('count', held.length, count, context, notes, false));
  }
  if (state) {
    const states = [...new Set(held.map(({ socket }) => socket.tcpState ?? socket.state))];
    results.push(
      judged('state', states, state, context, [`open: ${held.length === 0 ? 'none' : summary(held)}`], false),
    );
  }
  if (sharedBetweenProcesses !== undefined || results.length === 0) {
    const wanted = sharedBetweenProcesses ?? false;
    const number = typeof wanted === 'boolean' ? (wanted ? SOME_SHARED : NONE_SHARED) : wanted;
    const shared = judgeShared(number, held, to, context);
    const isProved = held.length > 0 || count !== undefined || shared.outcome !== 'pass';
    results.push(isProved ? shared : nothingOpen(number, to, context));
  }
  return results;
}

function judgeShared(wanted: Matcher, held: readonly Held[], to: string, context: Context): CheckResult {
  const shared = held.filter((one) => one.pids.length > 1);
  const notes = sharedNotes(shared, context.selected);
  // What is unread could only add shared ones, so zero of them is not proved while something is unread.
  const result = judged(
    'sharedBetweenProcesses',
    shared.length,
    wanted,
    context,
    notes,
    shared.length > 0 && !holds(shared.length, wanted),
  );
  if (result.outcome !== 'pass') return result;
  const open =
    held.length === 0 ? `no connection${to} is open now` : `${held.length} open, each held by one process`;
  return { ...result, observed: shared.length === 0 ? `0 (${open})` : result.observed };
}

/** Processes that have not connected yet share nothing, and nobody knows what they will do. */
function nothingOpen(wanted: Matcher, to: string, { source }: Context): CheckResult {
  const why = `no connection${to} is open now, so nothing is proved about sharing one`;
  const result = cannotLook('sharedBetweenProcesses', describeMatcher(wanted), why, source);
  const note =
    'look after a request that needs one (below an http check), or say count: 0 if none is meant to be open';
  return { ...result, notes: [note] };
}

function judged(
  property: string,
  actual: unknown,
  wanted: Matcher,
  context: Context,
  notes: readonly string[],
  isCertain: boolean,
): CheckResult {
  const { unread, selected, source } = context;
  if (unread.length === 0 || isCertain) return judgeValue(property, actual, wanted, { source, notes });
  const who =
    unread.length > 5 ? `${unread.length} of ${selected.length} processes` : `pids ${unread.join(', ')}`;
  return cannotLook(
    property,
    describeMatcher(wanted),
    `no right to read the open files of ${who} (needs root with CAP_SYS_PTRACE)`,
    source,
  );
}

function summary(held: readonly Held[]): string {
  const counts = new Map<string, number>();
  for (const { socket } of held) {
    const name = `${remoteOf(socket)} ${socket.tcpState ?? socket.state}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .slice(0, 8)
    .map(([name, count]) => `${name} ×${count}`)
    .join(', ');
}
