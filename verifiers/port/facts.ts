import type { FileFact, ProcessFact, SocketFact } from '../../src/core/snapshot.ts';
import type { Reach } from './reach.ts';

/** What is looked at of a port. */
export interface PortFacts {
  readonly sockets: readonly SocketFact[];
  readonly processes: readonly ProcessFact[];
  readonly unreadableFds: readonly number[];
  /** What lies at the path of a unix socket. */
  readonly file?: FileFact | undefined;
  /** Undefined when not tried. */
  readonly reach: Reach | undefined;
  readonly via: string;
  /** What was to be reached from the host was reached on the instance. */
  readonly isAskedInside?: boolean;
}
