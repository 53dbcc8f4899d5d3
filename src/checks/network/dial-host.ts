import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { DialRequest } from './dial.ts';
import type { DialAnswer, DialOutcome } from './dial-answer.ts';

/**
 * How long an accepted connection must stay open to count where a port proxy may close it: it does when it has tried
 * the port behind it, which takes a while on a busy machine.
 */
const SETTLE_MS = 500;

/** Tries from the caller's machine. `settle`: a connection that is closed at once is `closed`. Throws when aborted. */
export async function dialFromHost(
  request: DialRequest & { readonly settle?: boolean },
  signal: AbortSignal,
): Promise<DialAnswer> {
  signal.throwIfAborted();
  const { host = '', port = 0, timeoutMs = 3000 } = request;
  const resolved = await resolveHere(host);
  if (resolved.outcome !== 'resolved' || request.kind === 'resolve') return resolved;
  const end = performance.now() + timeoutMs;
  let worst: { readonly rank: number; readonly answer: DialAnswer } | undefined;
  for (const address of resolved.addresses) {
    const left = end - performance.now();
    if (worst && left <= 0) break;
    const started = performance.now();
    const seen = await (request.kind === 'tcp'
      ? connectTo(address, port, left, signal, request.settle === true, request.payload)
      : send(address, port, left, signal, request.payload ?? new Uint8Array(), request.kind));
    const { outcome, words, answer } = seen;
    const latencyMs = performance.now() - started - (seen.settledMs ?? 0);
    const whole: DialAnswer = { outcome, addresses: [address], latencyMs, words, answer };
    const rank = seen.isAway ? 0 : (RANKS[outcome] ?? 9);
    if (rank === 9) return whole;
    if (!worst || rank > worst.rank) worst = { rank, answer: whole };
  }
  if (!worst) throw new Error(`${host} has no address`);
  return worst.answer;
}

/** As in `perl.ts`: of several addresses the one counts that proves least. */
const RANKS: Partial<Record<DialOutcome, number>> = {
  refused: 1,
  reset: 2,
  unreachable: 3,
  timeout: 4,
  error: 5,
};

interface Seen {
  readonly outcome: DialOutcome;
  readonly words?: string;
  readonly answer?: Buffer;
  readonly settledMs?: number;
  /** There is no way at all for this kind of address. */
  readonly isAway?: boolean;
}

export async function resolveHere(host: string): Promise<DialAnswer> {
  const started = performance.now();
  const base = { latencyMs: 0, answer: undefined, words: undefined };
  if (isIP(host) !== 0) return { ...base, outcome: 'resolved', addresses: [host] };
  try {
    const found = await lookup(host, { all: true });
    const latencyMs = performance.now() - started;
    return {
      ...base,
      latencyMs,
      outcome: 'resolved',
      addresses: [...new Set(found.map((one) => one.address))],
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const outcome = code === 'ENOTFOUND' || code === 'ENODATA' ? 'unresolved' : 'resolver';
    return { ...base, outcome, addresses: [], words: message };
  }
}

const OUTCOMES: Readonly<Record<string, DialOutcome>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'reset',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
};

function failed(error: NodeJS.ErrnoException): Seen {
  const { code = '', message } = error;
  const isAway = ['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(code);
  return { outcome: OUTCOMES[code] ?? 'error', words: message, isAway };
}

/** Ends with the first of: what `watch` reports, the time is over, the signal. */
function race(
  timeoutMs: number,
  signal: AbortSignal,
  late: DialOutcome,
  watch: (done: (seen: Seen) => void) => () => void,
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => done({ outcome: late }), timeoutMs);
    const cancel = (): void => {
      reject(signal.reason as Error);
      done({ outcome: late });
    };
    signal.addEventListener('abort', cancel, { once: true });
    const stop = watch((seen) => done(seen));
    function done(seen: Seen): void {
      clearTimeout(limit);
      signal.removeEventListener('abort', cancel);
      stop();
      resolve(seen);
    }
  });
}

function connectTo(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
  settle: boolean,
  payload: Uint8Array | undefined,
): Promise<Seen> {
  const settleMs = Math.min(SETTLE_MS, timeoutMs / 2);
  return race(timeoutMs, signal, 'timeout', (done) => {
    const socket = connect({ host, port });
    const parts: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    let isOpen = false;
    socket.once('connect', () => {
      isOpen = true;
      if (payload) socket.write(payload);
      else if (settle)
        // What has come while this process was held up is heard first.
        timer = setTimeout(
          () => setImmediate(() => done({ outcome: 'connected', settledMs: settleMs })),
          settleMs,
        );
      else done({ outcome: 'connected' });
    });
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      const all = Buffer.concat(parts);
      if (!payload) done({ outcome: 'connected' });
      else if (all.length >= 2 && all.length >= 2 + all.readUInt16BE(0))
        done({ outcome: 'answered', answer: all });
    });
    socket.once('end', () => done({ outcome: 'closed' }));
    socket.once('error', (error) =>
      done(isOpen ? { outcome: 'closed', words: error.message } : failed(error)),
    );
    return () => {
      clearTimeout(timer);
      socket.destroy();
    };
  });
}

function send(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
  payload: Uint8Array,
  kind: 'udp' | 'ask' | 'self' | 'resolve',
): Promise<Seen> {
  return race(timeoutMs, signal, kind === 'udp' ? 'silent' : 'timeout', (done) => {
    const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
    socket.once('error', (error) => done(failed(error)));
    socket.once('message', (answer) => done({ outcome: 'answered', answer }));
    // Only a connected datagram socket hears that a port is closed.
    socket.connect(port, host, () => socket.send(payload));
    return () => socket.close();
  });
}
