import { repeatAll } from '../../src/checks/repeat-all.ts';
import type { Repeat } from '../../src/core/check.ts';
import type { SnapshotNeeds } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { ask } from './ask.ts';
import type { Exchange } from './exchange.ts';
import { type HttpSpec, urlText } from './schema.ts';
import { hostPorts } from './target.ts';

export interface HttpFacts {
  readonly exchanges: readonly Exchange[];
  readonly repeat: Repeat | undefined;
  /** Whether something listens on the asked port inside; undefined when that was not looked at. */
  readonly isListening: boolean | undefined;
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
export function httpNeeds(spec: HttpSpec): SnapshotNeeds {
  return spec.error !== undefined && hostPorts(spec).length > 0 ? { sockets: true } : {};
}

/** Throws when a request cannot be made at all; no answer is an observation. */
export async function observeHttp(spec: HttpSpec, probe: Probe): Promise<HttpFacts> {
  const { repeat, signal, snapshot } = probe;
  const times = repeat?.times ?? 1;
  const kept = Math.min(KEPT, Math.max(1024, Math.floor(KEPT_TOGETHER / times)));
  const exchanges = await repeatAll(
    repeat ?? { times: 1, concurrency: 1 },
    signal,
    (n) => ask(spec, probe, n, kept),
    (seen) => seen.length >= HOPELESS && seen.every((one) => isUnanswered(one)),
  );
  const [port] = httpNeeds(spec).sockets ? hostPorts(spec) : [];
  const isListening =
    port === undefined
      ? undefined
      : snapshot.sockets.some(
          (socket) =>
            socket.state === 'listen' && socket.localPort === port && !isLoopback(socket.localAddress),
        );
  return { exchanges: exchanges.toSorted((a, b) => a.n - b.n), repeat, isListening };
}

function isUnanswered({ outcome }: Exchange): boolean {
  return outcome.kind === 'none' && outcome.error !== 'aborted' && outcome.error !== 'redirects';
}

/** `GET http://localhost/items` */
export function requestTitle(spec: HttpSpec): string {
  return `${spec.method ?? 'GET'} ${urlText(spec)}${spec.from === 'instance' ? ' from the instance' : ''}`;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
