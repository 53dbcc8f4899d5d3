import type { Snapshot, SnapshotNeeds } from '../core/snapshot.ts';
import type { Clock } from './clock.ts';
import { mergeNeeds, sectionsOf } from './merge-needs.ts';

/** A look at nothing. */
export const EMPTY_SNAPSHOT: Snapshot = {
  takenAt: 0,
  via: 'nothing asked',
  sockets: [],
  processes: [],
  environ: [],
  files: [],
  units: [],
  errors: {},
};

/** How long a round waits for checks that fall due at nearly the same time. */
const GATHER_MS = 15;

interface Waiting {
  readonly needs: SnapshotNeeds;
  readonly resolve: (snapshot: Snapshot) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins what checks ask for at about the same time into one look at the instance. A request that comes while a look
 * is under way waits for the next one, so that no check is judged by facts older than its own attempt.
 */
export function snapshotRounds(
  take: (needs: SnapshotNeeds) => Promise<Snapshot>,
  clock: Clock,
  signal: AbortSignal,
): (needs: SnapshotNeeds) => Promise<Snapshot> {
  let waiting: Waiting[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) {
      try {
        await clock.sleep(GATHER_MS, signal);
      } catch {
        // Aborted: the look itself would fail in a moment with the right words.
      }
      const round = waiting;
      waiting = [];
      try {
        const snapshot = await take(mergeNeeds(round.map((one) => one.needs)));
        for (const one of round) one.resolve(snapshot);
      } catch (error) {
        for (const one of round) one.reject(error);
      }
    }
    isRunning = false;
  };

  return (needs) => {
    if (sectionsOf(needs).length === 0) return Promise.resolve(EMPTY_SNAPSHOT);
    return new Promise((resolve, reject) => {
      waiting.push({ needs, resolve, reject });
      if (!isRunning) void run();
    });
  };
}
