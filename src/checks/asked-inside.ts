import type { Probe } from '../core/verifier.ts';

/**
 * Whether a check `from: host` of a port of the instance asks on the instance itself: no way leads there from here, and the
 * connection makes none. It is where a tunnel would end, too.
 */
export function isAskedInside(
  { connection, address }: Pick<Probe, 'connection' | 'address'>,
  port: number,
): boolean {
  return address(port) === undefined && connection.asksInside === true;
}
