import type { CheckHistory, PhaseHistory } from './history.ts';

export interface FlakyCheck {
  readonly instance: string;
  readonly id: string;
  readonly title: string;
  readonly runs: number;
  /** Passed only after a failed attempt within its run. */
  readonly flakyPasses: number;
  /** Changes between passing and not passing from one run to the next. */
  readonly flips: number;
  /** A sign per run, oldest first: ✓ pass, ≈ flaky pass, ✗ fail, ! error, – skip, ~ waived. */
  readonly signs: string;
}

const SIGNS = { pass: '✓', fail: '✗', error: '!', skip: '–', waived: '~' } as const;

/** One change is a bug or its repair; it takes two to be unsteady. */
const FLIPS = 2;

/** The unsteady ones of all checks, worst first. */
export function flakyChecks(histories: readonly CheckHistory[]): readonly FlakyCheck[] {
  return histories
    .map(judged)
    .filter((one) => one.flakyPasses > 0 || one.flips >= FLIPS)
    .toSorted((a, b) => b.flakyPasses + b.flips - (a.flakyPasses + a.flips));
}

function judged({ instance, id, title, outcomes }: CheckHistory): FlakyCheck {
  const decided = outcomes.filter(({ outcome }) => outcome !== 'skip' && outcome !== 'waived');
  const flips = decided.filter(
    ({ outcome }, i) => i > 0 && (outcome === 'pass') !== (decided[i - 1]?.outcome === 'pass'),
  );
  return {
    instance,
    id,
    title,
    runs: outcomes.length,
    flakyPasses: outcomes.filter((one) => one.flaky).length,
    flips: flips.length,
    signs: outcomes.map(({ outcome, flaky }) => (flaky ? '≈' : SIGNS[outcome])).join(''),
  };
}

export interface SlowerPhase {
  readonly instance: string;
  readonly phase: string;
  /** Median of the earlier runs, milliseconds. */
  readonly usualMs: number;
  readonly lastMs: number;
  readonly runs: number;
}

const ENOUGH_RUNS = 3;
const SLOWER_BY = 1.5;
const SLOWER_MS = 1000;

/** Phases whose last run took half as long again as their median, and a second more; worst first. */
export function slowerPhases(histories: readonly PhaseHistory[]): readonly SlowerPhase[] {
  return histories
    .flatMap(({ instance, phase, durations }) => {
      const lastMs = durations.at(-1) ?? 0;
      const earlier = durations.slice(0, -1);
      if (earlier.length < ENOUGH_RUNS) return [];
      const usualMs = median(earlier);
      const isSlower = lastMs > usualMs * SLOWER_BY && lastMs - usualMs > SLOWER_MS;
      return isSlower ? [{ instance, phase, usualMs, lastMs, runs: durations.length }] : [];
    })
    .toSorted((a, b) => b.lastMs / b.usualMs - a.lastMs / a.usualMs);
}

function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = Math.floor(ordered.length / 2);
  const [low = 0, high = 0] =
    ordered.length % 2 === 1 ? [ordered[middle], ordered[middle]] : [ordered[middle - 1], ordered[middle]];
  return (low + high) / 2;
}
