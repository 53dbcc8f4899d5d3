import { posix } from 'node:path';
import { isEngineDns } from '../../src/checks/is-engine-dns.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { isLoopback } from '../../src/core/loopback.ts';
import type { FileFact, ProcessFact, SocketFact } from '../../src/core/snapshot.ts';
import type { PortFacts } from './facts.ts';
import { judgeOwner } from './owner.ts';
import { type PortSpec, reachedFrom } from './schema.ts';

/** Pure. `listening` gates the rest: a port that does not listen is not also "wrong address". */
export function judgePort(spec: PortSpec, facts: PortFacts): CheckResult[] {
  const found = listenersOf(spec, facts);
  const source = `${typeof spec.port === 'string' ? '/proc/net/unix' : `/proc/net/${spec.protocol ?? 'tcp'}{,6}`}, via ${facts.via}`;
  const reachable = judgeReachable(spec, facts, found);
  if (spec.listening === false) return [judgeSilent(facts, found, source), ...reachable];
  if (found.length === 0) {
    const isOnlyUnreachable = wantsReachable(spec) === false && !isDeclared(spec);
    return isOnlyUnreachable ? reachable : [notListening(spec, facts, source), ...reachable];
  }
  const observed = found.map((socket) => describeListener(socket, facts)).join(', ');
  const gone = isPath(spec.port) ? judgeSocketFile(spec.port, observed, facts.file, source) : undefined;
  if (gone) return [gone];
  const results: CheckResult[] = [];
  if (spec.listening || !isDeclared(spec)) {
    results.push({ property: 'listening', outcome: 'pass', expected: 'listening', observed, source });
  }
  const isLocal = found.every(({ localAddress }) => isLoopback(localAddress));
  const notes = [`listens on: ${observed}`, ...(isLocal ? [LOOPBACK_ONLY] : [])];
  if (spec.address) results.push(judgeValue('address', addressesOf(found), spec.address, { source, notes }));
  if (spec.family) results.push(judgeValue('family', familiesOf(found), spec.family, { source, notes }));
  if (spec.backlog) results.push(judgeBacklog(spec.backlog, found, source));
  if (spec.owner) results.push(...judgeOwner(spec.owner, found, facts));
  return [...results, ...reachable];
}

/** Of a unix socket that has a file; `@name` is in the abstract namespace. */
export function isPath(port: PortSpec['port']): port is string {
  return typeof port === 'string' && port.startsWith('/');
}

/** The kernel goes on listing a socket whose file was removed or replaced; undefined when it is there. */
function judgeSocketFile(
  path: string,
  observed: string,
  file: FileFact | undefined,
  source: string,
): CheckResult | undefined {
  if (file?.exists && (file.type === 'socket' || file.type === 'symlink')) return undefined;
  if (file === undefined || file.error !== undefined)
    return cannotLook('listening', 'listening', `${path}: ${file?.error ?? 'it was not looked at'}`, source);
  const now = file.exists ? `a ${file.type} now` : 'gone';
  const notes = [
    'cause: its file was removed or replaced after the process began to listen, or the process sees another folder there (PrivateTmp=)',
  ];
  const said = `${observed}, but ${path} is ${now}: nobody can connect`;
  return { property: 'listening', outcome: 'fail', expected: 'listening', observed: said, source, notes };
}

/** An attribute about the listener is declared; otherwise `listening` itself is what is checked. */
function isDeclared(spec: PortSpec): boolean {
  return (
    spec.address !== undefined ||
    spec.family !== undefined ||
    spec.owner !== undefined ||
    spec.backlog !== undefined ||
    spec.listening === true
  );
}

export function wantsReachable(spec: PortSpec): boolean | undefined {
  const { reachable } = spec;
  return typeof reachable === 'object' ? (reachable.is ?? true) : reachable;
}

/** /proc/net does not tell it; sock_diag does where the kernel has it. */
function judgeBacklog(wanted: Matcher, found: readonly SocketFact[], source: string): CheckResult {
  const known = found.flatMap((socket) => socket.backlog ?? []);
  if (known.length < found.length) {
    const why = 'the kernel does not tell it here (no sock_diag)';
    return cannotLook('backlog', describeMatcher(wanted), why, source);
  }
  return judgeValue('backlog', Math.min(...known), wanted, { source });
}

/** State LISTEN only (UDP: bound); a connection that merely uses this local port does not count. */
function listenersOf(spec: PortSpec, { sockets, file }: PortFacts): SocketFact[] {
  const { port, protocol = 'tcp' } = spec;
  return sockets.filter((socket) => {
    if (socket.state !== 'listen') return false;
    if (typeof port === 'string') return socket.protocol === 'unix' && isBoundAs(socket, port, file);
    return socket.protocol === protocol && socket.localPort === port;
  });
}

/** A name that was bound without its folder (`--bind unix:app.sock`) may be that of any socket file of this name. */
function isBoundAs({ localAddress }: SocketFact, path: string, file: FileFact | undefined): boolean {
  if (/^[/@]|^$/.test(localAddress)) return withoutVar(localAddress) === withoutVar(path);
  return file?.type === 'socket' && posix.normalize(path).endsWith(`/${posix.normalize(localAddress)}`);
}

/** `/var/run` is `/run` (Filesystem Hierarchy Standard 3.0, 5.13), and the kernel tells the name that was bound. */
function withoutVar(path: string): string {
  return (path.startsWith('/') ? posix.normalize(path) : path).replace(/^\/var\/run\//, '/run/');
}

/**
 * An IPv6 wildcard socket also takes IPv4 unless IPV6_V6ONLY is set. Where the kernel would not say, a second,
 * IPv4 wildcard socket on the port proves that it is set (both could not be bound otherwise).
 */
function isDualStack(socket: SocketFact, all: readonly SocketFact[]): boolean {
  if (socket.family !== 'ipv6' || socket.localAddress !== '::') return false;
  if (socket.v6only !== undefined) return !socket.v6only;
  return !all.some(
    (other) =>
      other.localAddress === '0.0.0.0' &&
      other.localPort === socket.localPort &&
      other.protocol === socket.protocol,
  );
}

function addressesOf(found: readonly SocketFact[]): string[] {
  const dual = found.some((socket) => isDualStack(socket, found)) ? ['0.0.0.0'] : [];
  return [...new Set([...found.map((socket) => socket.localAddress), ...dual])];
}

function familiesOf(found: readonly SocketFact[]): string[] {
  return [
    ...new Set(found.flatMap((socket) => (isDualStack(socket, found) ? ['ipv4', 'ipv6'] : [socket.family]))),
  ].toSorted();
}

function describeListener(socket: SocketFact, facts: PortFacts): string {
  const { localAddress, localPort, family } = socket;
  const where =
    family === 'unix'
      ? localAddress
      : family === 'ipv6'
        ? `[${localAddress}]:${localPort}`
        : `${localAddress}:${localPort}`;
  const dual = isDualStack(socket, facts.sockets) ? ' (dual-stack, IPv4 too)' : '';
  const names = [...new Set(holders(socket, facts).map((one) => one.comm))];
  return `${where}${dual}${names.length > 0 ? ` by ${names.join(', ')}` : ''}`;
}

function holders(socket: SocketFact, facts: PortFacts): ProcessFact[] {
  return facts.processes.filter((one) => socket.pids?.includes(one.pid));
}

function judgeSilent(facts: PortFacts, found: readonly SocketFact[], source: string): CheckResult {
  const expected = 'not listening';
  if (found.length === 0)
    return { property: 'listening', outcome: 'pass', expected, observed: expected, source };
  const observed = `listening on ${found.map((socket) => describeListener(socket, facts)).join(', ')}`;
  return { property: 'listening', outcome: 'fail', expected, observed, source };
}

function notListening(spec: PortSpec, facts: PortFacts, source: string): CheckResult {
  const { port, protocol = 'tcp' } = spec;
  const others = facts.sockets.filter((socket) => socket.state === 'listen' && !isEngineDns(socket));
  const notes: string[] = [];
  if (typeof port === 'number') {
    const elsewhere = others.filter((socket) => socket.localPort === port && socket.protocol !== 'unix');
    for (const socket of elsewhere)
      notes.push(`${socket.protocol} ${port} is taken: ${describeListener(socket, facts)}`);
  }
  const kind = typeof port === 'string' ? 'unix' : protocol;
  const listeners = others
    .filter((socket) => socket.protocol === kind)
    .map((socket) => describeListener(socket, facts));
  const names = [...new Set(listeners)];
  const more = names.length > 15 ? ` and ${names.length - 15} more` : '';
  notes.push(
    names.length === 0
      ? `nothing listens on any ${kind} ${kind === 'unix' ? 'socket' : 'port'}`
      : `listening: ${names.slice(0, 15).join('; ')}${more}`,
  );
  return {
    property: 'listening',
    outcome: 'fail',
    expected: 'listening',
    observed: 'not listening',
    source,
    notes,
  };
}

const LOOPBACK_ONLY =
  'cause: it listens on the loopback address only, so nothing outside the instance can reach it: see the address that it is told to bind (listen, host, socket)';

const REACHED = {
  connected: 'connected',
  refused: 'refused',
  closed: 'taken by the engine’s proxy and closed at once: nothing answers behind it',
  timeout: 'no answer within 3 s',
  unreachable: 'nothing routes there',
} as const;

function judgeReachable(spec: PortSpec, facts: PortFacts, found: readonly SocketFact[]): CheckResult[] {
  const wanted = wantsReachable(spec);
  if (wanted === undefined) return [];
  const from = reachedFrom(spec);
  const where = from === 'host' || from === 'instance' ? `the ${from}` : from;
  const tried = facts.isAskedInside === true ? 'the instance itself: no port is led here' : where;
  const [property, source, reach] = ['reachable', `TCP connection from ${tried}`, facts.reach];
  const expected = `${wanted ? 'reachable' : 'not reachable'} from ${where}`;
  if (reach === undefined || reach.outcome === 'not-published' || reach.outcome === 'error') {
    const message = reach?.outcome === 'error' ? reach.message : `port ${spec.port} is not published`;
    const notes =
      reach?.outcome === 'error'
        ? []
        : ['create the instance anew: ports named in checks are published at create'];
    return [
      {
        property,
        outcome: 'error',
        expected,
        observed: `could not look: ${message}`,
        source,
        ...(notes.length > 0 && { notes }),
      },
    ];
  }
  const ok = (reach.outcome === 'connected') === wanted;
  const isLocal =
    from !== 'instance' && found.length > 0 && found.every(({ localAddress }) => isLoopback(localAddress));
  const notes = wanted && isLocal ? [LOOPBACK_ONLY] : [];
  return [
    {
      property,
      outcome: ok ? 'pass' : 'fail',
      expected,
      observed: REACHED[reach.outcome],
      source,
      ...(!ok && notes.length > 0 && { notes }),
    },
  ];
}
