import type { CheckDeclaration, CheckOutcome, CheckResult, Repeat } from '../core/check.ts';
import { GalleyError } from '../core/errors.ts';
import type { Snapshot, SnapshotNeeds } from '../core/snapshot.ts';
import type { Identity, Probe, Verifier } from '../core/verifier.ts';
import { cannotLook } from './judge-value.ts';
import { type MarksByKey, markOf } from './marks.ts';
import { sectionsOf } from './merge-needs.ts';
import { redactText } from './redact.ts';
import { withinTime } from './within-time.ts';

export interface Attempt {
  readonly outcome: CheckOutcome;
  readonly results: readonly CheckResult[];
  /** Why waiting longer cannot help. */
  readonly fatal?: string;
  /** See `Verifier.explain`; of an attempt that failed. */
  readonly explain?: () => Promise<readonly string[]>;
  /** See `Verifier.identity`; only of a check that must stay so. */
  readonly identity?: readonly Identity[] | undefined;
}

/** What all attempts of a run look through, apart from the snapshot, which is new each time. */
export interface Looking {
  readonly probe: Omit<Probe, 'snapshot' | 'repeat' | 'mark'>;
  readonly marks: MarksByKey;
  snapshot(needs: SnapshotNeeds): Promise<Snapshot>;
  /** Waits for a turn: bounds how many checks look at the same time. */
  turn<T>(look: () => Promise<T>): Promise<T>;
  /** Throws what `isInstanceGone` knows when there is nothing left to look at. */
  assertAlive?(): Promise<void>;
}

/**
 * Looks once (or `repeat.times` times) and judges. Whatever goes wrong with looking is the outcome `error`; only an
 * abort and a lost instance (see `isInstanceGone`) are thrown.
 */
export async function attempt(
  declaration: CheckDeclaration,
  verifier: Verifier,
  looking: Looking,
  repeat: Repeat | undefined,
): Promise<Attempt> {
  const { signal } = looking.probe;
  try {
    return await withinTime(declaration.timeoutMs, signal, (limited) =>
      look(declaration, verifier, { ...looking, probe: { ...looking.probe, signal: limited } }, repeat),
    );
  } catch (error) {
    if (signal.aborted || isInstanceGone(error)) throw error;
    return { outcome: 'error', results: [lookingFailed(declaration.title, error)] };
  }
}

async function look(
  declaration: CheckDeclaration,
  verifier: Verifier,
  looking: Looking,
  repeat: Repeat | undefined,
): Promise<Attempt> {
  const { spec, title, consistently } = declaration;
  const mark = markOf(declaration, verifier, looking.marks);
  const needs = verifier.needs(spec, { time: consistently !== undefined, repeat, mark });
  const snapshot = await looking.snapshot(needs);
  const missing = sectionsOf(needs).filter((section) => snapshot.errors[section] !== undefined);
  if (missing.length > 0) {
    const results = missing.map((section) =>
      cannotLook(section, title, snapshot.errors[section] ?? '', snapshot.via),
    );
    return { outcome: 'error', results };
  }
  const probe: Probe = { ...looking.probe, snapshot, repeat, mark };
  const facts = await looking.turn(() => verifier.observe(spec, probe));
  const results = verifier.judge(spec, facts);
  const outcome = worst(results);
  const fatal = outcome === 'pass' ? undefined : verifier.fatal?.(spec, facts);
  const identity = consistently && verifier.identity?.(spec, facts);
  const isExplained = outcome === 'fail' && verifier.explain !== undefined;
  return {
    outcome,
    results,
    ...(isExplained && { explain: async () => (await verifier.explain?.(spec, facts, probe)) ?? [] }),
    ...(fatal !== undefined && { fatal }),
    ...(identity && { identity }),
  };
}

/** error > fail > pass; a check without results proved nothing, which is an error too. */
export function worst(results: readonly CheckResult[]): CheckOutcome {
  const outcomes = new Set(results.map((result) => result.outcome));
  if (outcomes.size === 0 || outcomes.has('error')) return 'error';
  if (outcomes.has('fail')) return 'fail';
  return outcomes.has('pass') ? 'pass' : 'skip';
}

/** The machine or its engine is no more: no other check can look either. */
export function isInstanceGone(error: unknown): error is GalleyError {
  return (
    error instanceof GalleyError &&
    error.kind === 'infrastructure' &&
    (/[._](gone|not_found|unreachable|not_running|stopped|paused|terminated|ended_by_other|spot_interrupted)$/.test(
      error.code,
    ) ||
      /^ssh\.(refused|timed_out|no_route|silent|reset|host_key_changed|auth_failed)$/.test(error.code))
  );
}

/** The way to the machine broke under a command; the next one makes it anew, when there still is a machine. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof GalleyError && /^(?:ssh\.lost|ssm\.(?:lost|not_run))$/.test(error.code);
}

export function lookingFailed(title: string, error: unknown): CheckResult {
  const text = redactText(error instanceof Error ? error.message : String(error));
  const result = cannotLook('observe', title, text || 'unknown reason');
  const notes = error instanceof GalleyError ? [...error.details, ...(error.hint ? [error.hint] : [])] : [];
  return notes.length > 0 ? { ...result, notes } : result;
}
