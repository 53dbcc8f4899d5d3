import type { SocketFact } from '../core/snapshot.ts';

/** Docker's own name server, in every container of a network: nothing of the instance's, and its ports change. */
export function isEngineDns({ localAddress }: Pick<SocketFact, 'localAddress'>): boolean {
  return localAddress === '127.0.0.11';
}
