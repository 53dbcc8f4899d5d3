import type { CheckDeclaration, CheckResult } from '../core/check.ts';
import type { CheckReport } from '../core/events.ts';
import type { Verifier } from '../core/verifier.ts';
import { type Attempt, attempt, type Looking } from './attempt.ts';
import type { Clock } from './clock.ts';

const LONGEST_WAIT_MS = 2000;
const BACKOFF = 1.5;

/** Tries one check as often as its timing says and reports it. Throws only when aborted or the instance is lost. */
export async function runCheck(
  declaration: CheckDeclaration,
  verifier: Verifier,
  looking: Looking,
  clock: Clock,
): Promise<CheckReport> {
  const { timing } = declaration;
  const startedAt = clock.now();
  const { signal } = looking.probe;
  const stable = timing.mode === 'eventually' ? timing.stable : 1;
  const deadline = timing.mode === 'eventually' ? startedAt + timing.withinMs : startedAt;
  let wait = timing.mode === 'eventually' ? timing.everyMs : 0;
  let passes = 0;
  let firstFailure: { readonly attempt: number; readonly result: CheckResult | undefined } | undefined;

  for (let attempts = 1; ; attempts += 1) {
    signal.throwIfAborted();
    const last = await attempt(declaration, verifier, looking);
    signal.throwIfAborted();
    const isPass = last.outcome === 'pass';
    passes = isPass ? passes + 1 : 0;
    if (!isPass)
      firstFailure ??= { attempt: attempts, result: last.results.find((one) => one.outcome !== 'pass') };
    const left = deadline - clock.now();
    const isDone = passes >= stable || last.fatal !== undefined || left <= 0;
    if (isDone) {
      const ended = passes > 0 && passes < stable ? unstable(last, passes, stable) : last;
      return report(declaration, ended, {
        attempts,
        durationMs: Math.round(clock.now() - startedAt),
        flaky: ended.outcome === 'pass' && firstFailure !== undefined,
        hint: hintOf(ended, attempts, firstFailure),
      });
    }
    await clock.sleep(Math.min(wait, left), signal);
    if (timing.mode === 'eventually') {
      wait = isPass ? timing.everyMs : Math.min(wait * BACKOFF, Math.max(LONGEST_WAIT_MS, timing.everyMs));
    }
  }
}

/** The report of a check that is not to be looked at. */
export function skipped(declaration: CheckDeclaration, why: string): CheckReport {
  const result: CheckResult = {
    property: 'skip',
    outcome: 'skip',
    expected: declaration.title,
    observed: `not looked at: ${why}`,
  };
  const ended: Attempt = { outcome: 'skip', results: [result] };
  return report(declaration, ended, { attempts: 0, durationMs: 0, flaky: false, hint: undefined });
}

function unstable(last: Attempt, passes: number, stable: number): Attempt {
  const result: CheckResult = {
    property: 'stable',
    outcome: 'fail',
    expected: `pass ${stable} times in a row`,
    observed: `passed ${passes === 1 ? 'once' : `${passes} times`} in a row when the time was over`,
  };
  return { outcome: 'fail', results: [...last.results, result] };
}

function hintOf(
  ended: Attempt,
  attempts: number,
  firstFailure: { readonly attempt: number; readonly result: CheckResult | undefined } | undefined,
): string | undefined {
  if (ended.fatal !== undefined) return `waiting longer cannot help: ${ended.fatal}`;
  if (ended.outcome === 'pass') {
    if (!firstFailure?.result) return undefined;
    const { property, observed } = firstFailure.result;
    return `flaky: attempt ${firstFailure.attempt} of ${attempts} did not pass (${property}: ${observed})`;
  }
  return undefined;
}

function report(
  declaration: CheckDeclaration,
  ended: Attempt,
  facts: {
    readonly attempts: number;
    readonly durationMs: number;
    readonly flaky: boolean;
    readonly hint: string | undefined;
  },
): CheckReport {
  const { id, type, title, location } = declaration;
  return {
    id,
    type,
    title,
    outcome: ended.outcome,
    results: ended.results,
    attempts: facts.attempts,
    flaky: facts.flaky,
    durationMs: facts.durationMs,
    ...(location && { location }),
    ...(facts.hint !== undefined && { hint: facts.hint }),
  };
}
