import type { CommandResult, ExecuteOptions } from '../../core/transport.ts';
import { NO_INTERPRETER } from '../probe/launcher.ts';
import { DIAL_LAUNCHER } from './launcher.ts';
import { parseDial } from './parse-dial.ts';
import { perlDial } from './perl.ts';
import { rubyDial } from './ruby.ts';

/**
 * What came of one try. `unresolved`: the name does not exist; `resolver`: nobody could say whether it does.
 * `silent`: a datagram without an answer, which proves nothing. `unreachable`: no route, or a router said so.
 */
export type DialOutcome =
  | 'connected'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'reset'
  | 'closed'
  | 'unresolved'
  | 'resolver'
  | 'resolved'
  | 'answered'
  | 'silent'
  | 'error';

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

export interface DialAnswer {
  readonly outcome: DialOutcome;
  /** Address that was tried; of `resolve` all that were found. */
  readonly addresses: readonly string[];
  readonly latencyMs: number | undefined;
  readonly answer: Buffer | undefined;
  /** The system's words. */
  readonly words: string | undefined;
}

export interface DialResult {
  readonly answers: ReadonlyMap<string, DialAnswer>;
  /** `perl, via exec` */
  readonly by: string;
}

type Execute = (
  argv: readonly string[],
  options?: Pick<ExecuteOptions, 'timeoutMs' | 'signal'>,
) => Promise<Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr' | 'via'>>;

/** Tries from inside a machine, one after the other. Throws when nothing there can try. */
export async function dialInside(
  execute: Execute,
  requests: readonly DialRequest[],
  signal: AbortSignal,
): Promise<DialResult> {
  const lines = requests.map(({ id, kind, host = '', port, timeoutMs = 3000, payload }) =>
    [id, kind, host, port ?? '', timeoutMs, Buffer.from(payload ?? []).toString('hex')].join('\t'),
  );
  const longest = requests.reduce((sum, one) => sum + (one.timeoutMs ?? 3000), 0);
  const argv = ['/bin/sh', '-c', DIAL_LAUNCHER, 'galley-probe', perlDial, rubyDial, lines.join('\n')];
  const result = await execute(argv, { timeoutMs: longest + 30_000, signal });
  if (result.exitCode === NO_INTERPRETER)
    throw new Error(`nothing there can try a connection (it has ${result.stderr.trim()})`);
  const parsed = parseDial(result.stdout);
  if (parsed === undefined) {
    const words = result.stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`the try ended with exit code ${result.exitCode}${words ? `: ${words}` : ''}`);
  }
  return { answers: parsed.answers, by: `${parsed.tool}, via ${result.via}` };
}
