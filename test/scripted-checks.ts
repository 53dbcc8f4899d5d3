import type { Clock } from '../src/checks/clock.ts';
import type { RunChecksOptions } from '../src/checks/run-checks.ts';
import { EMPTY_SNAPSHOT } from '../src/checks/snapshot-rounds.ts';
import type { CheckDeclaration, CheckOutcome, Timing } from '../src/core/check.ts';
import type { Snapshot, SnapshotNeeds } from '../src/core/snapshot.ts';
import type { Connection } from '../src/core/transport.ts';
import type { Verifier } from '../src/core/verifier.ts';

/** Time that passes only while everybody sleeps. */
export function virtualClock(): Clock & { readonly slept: number[] } {
  let now = 0;
  const sleepers: { readonly due: number; readonly wake: () => void }[] = [];
  const slept: number[] = [];
  let isTicking = false;
  const tick = (): void => {
    const next = sleepers.toSorted((a, b) => a.due - b.due)[0];
    if (!next) {
      isTicking = false;
      return;
    }
    sleepers.splice(sleepers.indexOf(next), 1);
    now = Math.max(now, next.due);
    next.wake();
    setImmediate(() => setImmediate(tick));
  };
  return {
    slept,
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        slept.push(ms);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        sleepers.push({ due: now + ms, wake: resolve });
        if (!isTicking) {
          isTicking = true;
          setImmediate(() => setImmediate(tick));
        }
      }),
  };
}

export type Look = CheckOutcome | Error;

/** A type whose looks come from a list; the last one repeats. */
export function scripted(name: string, looks: readonly Look[], extra: Partial<Verifier> = {}): Verifier {
  let at = 0;
  return {
    name,
    description: name,
    spec: undefined as never,
    repeatable: false,
    title: () => name,
    needs: () => ({ processes: true }),
    observe: async () => {
      const look = looks[Math.min(at, looks.length - 1)] ?? 'error';
      at += 1;
      if (look instanceof Error) throw look;
      return look;
    },
    judge: (_spec, facts) => [
      { property: 'x', outcome: facts as CheckOutcome, expected: 'pass', observed: String(facts) },
    ],
    ...extra,
  };
}

export function declare(
  type: string,
  timing: Timing = { mode: 'once' },
  extra: Partial<CheckDeclaration> = {},
): CheckDeclaration {
  return {
    id: type,
    type,
    title: type,
    spec: {},
    timing,
    repeat: undefined,
    tags: [],
    skip: undefined,
    why: undefined,
    location: undefined,
    ...extra,
  };
}

export const SNAPSHOT: Snapshot = { ...EMPTY_SNAPSHOT, takenAt: 1, via: 'exec' };

export function optionsFor(
  more: Partial<RunChecksOptions> = {},
): RunChecksOptions & { readonly asked: SnapshotNeeds[] } {
  const asked: SnapshotNeeds[] = [];
  return {
    instance: 'web-debian-12',
    connection: {} as Connection,
    address: () => undefined,
    signal: new AbortController().signal,
    clock: virtualClock(),
    takeSnapshot: async (needs) => {
      asked.push(needs);
      return SNAPSHOT;
    },
    asked,
    ...more,
  };
}

export const within = (withinMs: number, stable = 1): Timing => ({
  mode: 'eventually',
  withinMs,
  everyMs: 250,
  upToMs: 2000,
  stable,
});
export const mapOf = (...all: Verifier[]): Map<string, Verifier> =>
  new Map(all.map((one) => [one.name, one]));
