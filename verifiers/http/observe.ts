import { isAskedInside } from '../../src/checks/asked-inside.ts';
import { controlFromHost, controlFromInstance } from '../../src/checks/control-probe.ts';
import { repeatAll } from '../../src/checks/repeat-all.ts';
import type { Repeat } from '../../src/core/check.ts';
import { isLoopback } from '../../src/core/loopback.ts';
import type { ProcessFact, SnapshotNeeds, SocketFact } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { ask } from './ask.ts';
import type { Exchange } from './exchange.ts';
import { KeptConnections } from './kept-connections.ts';
import { type HttpSpec, urlText } from './schema.ts';
import { readStats } from './stats.ts';
import { hostPorts } from './target.ts';
import { together } from './together.ts';
import { expectedWorkers, servedBy } from './worker.ts';

export interface HttpFacts {
  readonly exchanges: readonly Exchange[];
  readonly repeat: Repeat | undefined;
  /** Whether something listens on the asked port inside; undefined when that was not looked at. */
  readonly isListening: boolean | undefined;
  /** Why connections cannot be made at all, whoever is at their other end; undefined when they can or were. */
  readonly control?: string | undefined;
  /** Those of the instance, when workers are to be counted. */
  readonly processes: readonly ProcessFact[];
  /** Requests that each worker served meanwhile, as uWSGI's stats server counts them. */
  readonly stats?: ReadonlyMap<string, number> | undefined;
  /** Workers that the stats server knows and that served none. */
  readonly silent?: readonly string[] | undefined;
}

const KEPT = 1024 * 1024;
/** All bodies of a repeated request together. */
const KEPT_TOGETHER = 64 * KEPT;
/** A repeat gives up when this many requests in a row, from the first on, found nobody to answer. */
const HOPELESS = 20;

/**
 * An engine's port proxy accepts for a port on which nothing listens, so a refusal can only be told with the
 * instance's own list of sockets.
 */
export function httpNeeds(
  spec: HttpSpec,
  over?: { readonly time: boolean; readonly repeat?: Repeat | undefined },
): SnapshotNeeds {
  return {
    ...(spec.error !== undefined &&
      (hostPorts(spec).length > 0 || spec.from === 'instance') && { sockets: true }),
    ...(over?.repeat?.workers !== undefined && { processes: true }),
  };
}

/** Throws when a request cannot be made at all; no answer is an observation. */
export async function observeHttp(spec: HttpSpec, probe: Probe): Promise<HttpFacts> {
  const { repeat, signal, snapshot, connection } = probe;
  const times = repeat?.times ?? 1;
  const most = times * (repeat?.workers === undefined ? 1 : MORE_FOR_WORKERS);
  const kept = Math.min(KEPT, Math.max(1024, Math.floor(KEPT_TOGETHER / most)));
  const stats = repeat?.workers === undefined ? undefined : spec.worker?.stats;
  const before = stats === undefined ? undefined : await readStats(stats, connection, signal);
  await using connections =
    repeat?.connection === 'reuse' ? new KeptConnections(repeat.concurrency) : undefined;
  // Where each command costs a second, as many requests as may be are one command.
  const gather =
    repeat !== undefined && asksOnInstance(spec, probe) && connection.asksInside === true
      ? together(connection.execute.bind(connection), repeat.concurrency)
      : undefined;
  const atOnce = <T extends Pick<Repeat, 'times' | 'concurrency'>>(load: T): T =>
    gather ? { ...load, concurrency: AT_ONCE } : load;
  const means = { keptBytes: kept, kept: connections, execute: gather };
  const exchanges = await repeatAll(
    atOnce(repeat ?? { times: 1, concurrency: 1 }),
    signal,
    (n) => ask(spec, probe, n, means),
    (seen) => seen.length >= HOPELESS && seen.every((one) => isUnanswered(one)),
  );
  const processes = snapshot.processes ?? [];
  let counted: Pick<HttpFacts, 'stats' | 'silent'> = {};
  const send = (load: Repeat, isEnough?: (more: readonly Exchange[]) => boolean): Promise<Exchange[]> => {
    const sent = exchanges.length;
    return repeatAll(atOnce(load), signal, (n) => ask(spec, probe, sent + n, means), isEnough);
  };
  if (repeat?.workers !== undefined && stats !== undefined && before) {
    for (let round = 1; ; round += 1) {
      counted = servedBetween(before, await readStats(stats, connection, signal));
      const isEnough = round >= MORE_FOR_WORKERS || exchanges.length < times * round;
      if (isEnough || isServed(counted, repeat.workers)) break;
      exchanges.push(...(await send(repeat)));
    }
  } else if (repeat?.workers !== undefined && exchanges.length === times) {
    const isCovered = (more: readonly Exchange[]): boolean =>
      hasAll(spec, repeat, processes, [...exchanges, ...more]);
    const load = { ...repeat, times: times * (MORE_FOR_WORKERS - 1) };
    if (!isCovered([])) exchanges.push(...(await send(load, isCovered)));
  }
  return {
    exchanges: exchanges.toSorted((a, b) => a.n - b.n),
    repeat,
    isListening: listens(spec, probe),
    control: await controlOf(spec, probe, exchanges),
    processes,
    ...counted,
  };
}

/** Requests that go into one command, where that is done. */
const AT_ONCE = 100;

function asksOnInstance(spec: HttpSpec, probe: Probe): boolean {
  const [port] = hostPorts(spec);
  return spec.from === 'instance' || (port !== undefined && isAskedInside(probe, port));
}

/** A worker that the lottery has spared so far gets more requests, up to this many times as many. */
const MORE_FOR_WORKERS = 4;

function hasAll(
  { worker }: HttpSpec,
  { workers }: Repeat,
  processes: readonly ProcessFact[],
  exchanges: readonly Exchange[],
): boolean {
  const served = servedBy(worker, exchanges);
  // What cannot be told is not helped by more requests.
  if (served.size === 0) return true;
  if (workers !== 'all') return served.size >= (workers ?? 0);
  return expectedWorkers(worker, processes, served.keys())?.every((pid) => served.has(String(pid))) ?? true;
}

function isServed(
  { stats, silent }: Pick<HttpFacts, 'stats' | 'silent'>,
  workers: NonNullable<Repeat['workers']>,
): boolean {
  return workers === 'all' ? silent?.length === 0 : (stats?.size ?? 0) >= workers;
}

function servedBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Pick<HttpFacts, 'stats' | 'silent'> {
  const counts = [...after].map(([pid, count]) => [pid, count - (before.get(pid) ?? 0)] as const);
  const busy = counts.filter(([, count]) => count > 0).toSorted((a, b) => b[1] - a[1]);
  return { stats: new Map(busy), silent: counts.filter(([, count]) => count <= 0).map(([pid]) => pid) };
}

/** A connection that could not be made proves something only where others can be made. */
async function controlOf(
  spec: HttpSpec,
  probe: Probe,
  exchanges: readonly Exchange[],
): Promise<string | undefined> {
  const { connection, snapshot, signal, around } = probe;
  const isSilent = exchanges.some(({ outcome }) => outcome.kind === 'none' && SILENT.includes(outcome.error));
  if (spec.error === undefined || !isSilent) return undefined;
  if (asksOnInstance(spec, probe)) return controlFromInstance(connection, snapshot.sockets, signal);
  if ((spec.from ?? 'host') === 'host') return controlFromHost(signal);
  const companion = around?.companions.get(spec.from ?? '');
  const own = { protocol: 'tcp', state: 'listen', localAddress: '0.0.0.0' } as const;
  return companion
    ? controlFromInstance(companion, [{ ...own, localPort: companion.address.port } as SocketFact], signal)
    : `the service ${spec.from} was not started`;
}

/** What a prober without a network would see too. */
const SILENT: readonly string[] = ['timeout', 'unreachable', 'refused'];

function listens(spec: HttpSpec, { snapshot }: Probe): boolean | undefined {
  const [port] = httpNeeds(spec).sockets ? hostPorts(spec) : [];
  if (port === undefined) return undefined;
  return snapshot.sockets.some(
    (socket) => socket.state === 'listen' && socket.localPort === port && !isLoopback(socket.localAddress),
  );
}

function isUnanswered({ outcome }: Exchange): boolean {
  return outcome.kind === 'none' && outcome.error !== 'aborted' && outcome.error !== 'redirects';
}

/** `GET http://localhost/items` */
export function requestTitle(spec: HttpSpec): string {
  return `${spec.method ?? 'GET'} ${urlText(spec)}${shownFrom(spec)}`;
}

function shownFrom({ from = 'host' }: HttpSpec): string {
  if (from === 'host') return '';
  return from === 'instance' ? ' from the instance' : ` from ${from}`;
}
