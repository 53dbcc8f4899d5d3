import type { Leftover } from '../../core/driver.ts';
import { expiredOf } from '../../docker/expiry.ts';

/** Those whose time is over. A snapshot has its own: it is there before and after the machines of its instance. */
export function expiredLeftovers(found: readonly Leftover[], nowMs: number): readonly Leftover[] {
  const parts = [found.filter((one) => !isSnapshot(one)), found.filter(isSnapshot)];
  return parts.flatMap((part) => expiredOf(part, nowMs));
}

function isSnapshot({ kind }: Leftover): boolean {
  return kind === 'image' || kind === 'snapshot';
}
