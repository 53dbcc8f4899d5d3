import type { CommandResult, ExecuteOptions } from '../../core/transport.ts';
import { NO_INTERPRETER } from '../probe/launcher.ts';
import type { DialAnswer } from './dial-answer.ts';
import { DIAL_LAUNCHER } from './launcher.ts';
import { parseDial } from './parse-dial.ts';
import { perlDial } from './perl.ts';
import { rubyDial } from './ruby.ts';

export interface DialRequest {
  readonly id: string;
  /**
   * `tcp`: connect, and with a payload ask and read a DNS message; `udp`: send and wait; `ask`: send and wait for one
   * answer; `resolve`: as the machine does; `self`: to a listener of its own, which proves that it can try at all.
   */
  readonly kind: 'tcp' | 'udp' | 'ask' | 'resolve' | 'self';
  /** `resolv.conf`: the first server named there. */
  readonly host?: string;
  readonly port?: number;
  readonly timeoutMs?: number;
  readonly payload?: Uint8Array;
}

export interface DialResult {
  readonly answers: ReadonlyMap<string, DialAnswer>;
  /** `perl, via exec` */
  readonly by: string;
}

/** A machine that runs commands: a connection, or a companion service. */
export interface DialPlace {
  execute(
    argv: readonly string[],
    options?: Pick<ExecuteOptions, 'timeoutMs' | 'signal'>,
  ): Promise<Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr' | 'via'>>;
}

interface Waiting {
  readonly requests: readonly DialRequest[];
  readonly signal: AbortSignal;
  readonly resolve: (result: DialResult) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a command waits for the requests of checks that fall due at nearly the same time. */
const GATHER_MS = 10;
const DEFAULT_TIMEOUT_MS = 3000;
const waitingAt = new WeakMap<DialPlace, Waiting[]>();

/**
 * Tries from inside a machine. What several checks ask of one place at about the same time is one command there, which
 * makes all tries together. Throws when nothing there can try.
 */
export function dialInside(
  place: DialPlace,
  requests: readonly DialRequest[],
  signal: AbortSignal,
): Promise<DialResult> {
  return new Promise((resolve, reject) => {
    const waiting = waitingAt.get(place);
    const own = { requests, signal, resolve, reject };
    if (waiting) {
      waiting.push(own);
      return;
    }
    const all = [own];
    waitingAt.set(place, all);
    setTimeout(() => {
      waitingAt.delete(place);
      void dialAll(place, all);
    }, GATHER_MS);
  });
}

/** Settles all of them. Ids are made unique by the place of their check in the batch. */
async function dialAll(place: DialPlace, all: readonly Waiting[]): Promise<void> {
  const requests = all.flatMap((one, n) =>
    one.requests.map((request) => ({ ...request, id: `${n}.${request.id}` })),
  );
  try {
    const { answers, by } = await dial(place, requests, AbortSignal.any(all.map((one) => one.signal)));
    all.forEach((one, n) => {
      const own = one.requests.flatMap(({ id }) => {
        const answer = answers.get(`${n}.${id}`);
        return answer ? [[id, answer] as const] : [];
      });
      one.resolve({ answers: new Map(own), by });
    });
  } catch (error) {
    for (const one of all) one.reject(error);
  }
}

async function dial(
  place: DialPlace,
  requests: readonly DialRequest[],
  signal: AbortSignal,
): Promise<DialResult> {
  const lines = requests.map(({ id, kind, host = '', port, timeoutMs = DEFAULT_TIMEOUT_MS, payload }) =>
    [id, kind, host, port ?? '', timeoutMs, Buffer.from(payload ?? []).toString('hex')].join('\t'),
  );
  const longest = Math.max(...requests.map((one) => one.timeoutMs ?? DEFAULT_TIMEOUT_MS));
  const argv = ['/bin/sh', '-c', DIAL_LAUNCHER, 'galley-probe', perlDial, rubyDial, lines.join('\n')];
  const result = await place.execute(argv, { timeoutMs: longest + 60_000, signal });
  if (result.exitCode === NO_INTERPRETER)
    throw new Error(`nothing there can try a connection (it has ${result.stderr.trim()})`);
  const parsed = parseDial(result.stdout);
  if (parsed === undefined) {
    const words = result.stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`the try ended with exit code ${result.exitCode}${words ? `: ${words}` : ''}`);
  }
  return { answers: parsed.answers, by: `${parsed.tool}, via ${result.via}` };
}
