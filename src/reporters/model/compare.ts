import type { CheckOutcome } from '../../core/check.ts';
import type { CheckSnapshot, InstanceSnapshot, RunSnapshot } from './snapshot.ts';

export interface Change {
  readonly instance: string;
  /** Title of the check, or `converge` and the like. */
  readonly what: string;
  /** Outcomes, or `–` when it was not there. */
  readonly before: string;
  readonly after: string;
}

export interface SlowerPhase {
  readonly instance: string;
  readonly phase: string;
  readonly beforeMs: number;
  readonly afterMs: number;
}

export interface Comparison {
  /** Run id. */
  readonly previous: string;
  readonly broken: readonly Change[];
  readonly fixed: readonly Change[];
  readonly added: readonly Change[];
  readonly gone: readonly Change[];
  readonly slower: readonly SlowerPhase[];
}

/** A phase is slower when it took half as long again and a second more; less is the noise of any machine. */
const SLOWER_BY = 1.5;
const SLOWER_MS = 1000;

/**
 * What changed from one run to the next, for the instances that are in both: an instance that was not selected this
 * time has not gone. A check that was not reached is told by its phase.
 */
export function compareRuns(before: RunSnapshot, after: RunSnapshot): Comparison {
  const earlier = new Map(before.instances.map((one) => [one.name, one]));
  const pairs = after.instances.flatMap((now) => {
    const was = earlier.get(now.name);
    return was ? [{ was, now }] : [];
  });
  const changes = pairs.flatMap(({ was, now }) => [...phaseChanges(was, now), ...checkChanges(was, now)]);
  const isBad = (outcome: string): boolean => ['fail', 'error', 'failed'].includes(outcome);
  const isGood = (outcome: string): boolean => ['pass', 'passed', 'skip', 'waived'].includes(outcome);
  return {
    previous: before.runId,
    broken: changes.filter((c) => !isBad(c.before) && isBad(c.after)),
    fixed: changes.filter((c) => isBad(c.before) && isGood(c.after)),
    added: changes.filter((c) => c.before === NONE && !isBad(c.after)),
    gone: changes.filter((c) => c.after === NONE),
    slower: pairs.flatMap(({ was, now }) => slowerPhases(was, now)),
  };
}

const NONE = '–';

function phaseChanges(was: InstanceSnapshot, now: InstanceSnapshot): readonly Change[] {
  return now.phases.flatMap((phase) => {
    const before = was.phases.find((one) => one.name === phase.name);
    // The verify phase is its checks, which are compared one by one.
    if (!before || before.outcome === phase.outcome || (phase.name === 'verify' && now.checks.length > 0))
      return [];
    return [{ instance: now.name, what: phase.name, before: before.outcome, after: phase.outcome }];
  });
}

function checkChanges(was: InstanceSnapshot, now: InstanceSnapshot): readonly Change[] {
  // A run that did not get as far as its checks has none: they are neither gone nor, the next time, new.
  if (was.checks.length === 0 || now.checks.length === 0) return onlyBad(was, now);
  const earlier = byId(was.checks);
  const later = byId(now.checks);
  const ids = [...new Set([...later.keys(), ...earlier.keys()])];
  return ids.flatMap((id) => {
    const before = earlier.get(id);
    const after = later.get(id);
    const title = after?.title ?? before?.title ?? id;
    if (before?.outcome === after?.outcome) return [];
    return [
      { instance: now.name, what: title, before: before?.outcome ?? NONE, after: after?.outcome ?? NONE },
    ];
  });
}

function onlyBad(was: InstanceSnapshot, now: InstanceSnapshot): readonly Change[] {
  if (was.checks.length > 0) return [];
  const bad: readonly CheckOutcome[] = ['fail', 'error'];
  return now.checks
    .filter((check) => bad.includes(check.outcome))
    .map((check) => ({ instance: now.name, what: check.title, before: NONE, after: check.outcome }));
}

function byId(checks: readonly CheckSnapshot[]): ReadonlyMap<string, CheckSnapshot> {
  return new Map(checks.map((check) => [check.id, check]));
}

function slowerPhases(was: InstanceSnapshot, now: InstanceSnapshot): readonly SlowerPhase[] {
  return now.phases.flatMap((phase) => {
    const before = was.phases.find((one) => one.name === phase.name);
    if (!before || before.outcome !== 'passed' || phase.outcome !== 'passed') return [];
    const isSlower =
      phase.durationMs > before.durationMs * SLOWER_BY && phase.durationMs - before.durationMs > SLOWER_MS;
    if (!isSlower) return [];
    const { durationMs: beforeMs } = before;
    return [{ instance: now.name, phase: phase.name, beforeMs, afterMs: phase.durationMs }];
  });
}
