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

export interface DialAnswer {
  readonly outcome: DialOutcome;
  /** Address that was tried; of `resolve` all that were found. */
  readonly addresses: readonly string[];
  readonly latencyMs: number | undefined;
  readonly answer: Buffer | undefined;
  /** The system's words. */
  readonly words: string | undefined;
}
