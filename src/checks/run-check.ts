import type { CheckDeclaration } from '../core/check.ts';
import type { CheckReport, FirstFailure } from '../core/events.ts';
import type { Verifier } from '../core/verifier.ts';
import { type Attempt, attempt, type Looking } from './attempt.ts';
import type { Clock } from './clock.ts';
import type { Course } from './course.ts';
import { explained } from './explained.ts';
import { reportOf } from './report-of.ts';
import { stays } from './stays.ts';

const BACKOFF = 1.5;

/**
 * Tries one check as its timing says and reports it: first until it passes (`eventually`), then under load (`repeat`)
 * or for some time (`consistently`). Throws only when aborted or the instance is lost.
 */
export async function runCheck(
  declaration: CheckDeclaration,
  verifier: Verifier,
  looking: Looking,
  clock: Clock,
): Promise<CheckReport> {
  const startedAt = clock.now();
  const course: Course = { attempts: 0, firstFailure: undefined };
  const { timing, repeat, consistently } = declaration;
  const isWarmed = timing.mode === 'eventually' && repeat !== undefined;
  const lookOnce = async (load: typeof repeat): Promise<Attempt> => {
    looking.probe.signal.throwIfAborted();
    const seen = await attempt(declaration, verifier, looking, load);
    looking.probe.signal.throwIfAborted();
    course.attempts += 1;
    if (seen.outcome !== 'pass') {
      course.firstFailure ??= failureOf(seen, course.attempts, clock.now() - startedAt);
      if (timing.mode === 'eventually') await looking.assertAlive?.();
    }
    return seen;
  };

  let ended = await untilPass(declaration, () => lookOnce(isWarmed ? undefined : repeat), looking, clock);
  if (ended.outcome === 'pass' && isWarmed) ended = await lookOnce(repeat);
  if (ended.outcome === 'pass' && consistently) {
    ended = await stays(consistently, ended, () => lookOnce(undefined), looking.probe.signal, clock);
  }
  ended = await explained(ended, declaration, looking.probe.signal);
  return reportOf(declaration, ended, course, Math.round(clock.now() - startedAt));
}

/** Looks until it has passed often enough, cannot pass any more, or the time is over. */
async function untilPass(
  { timing }: CheckDeclaration,
  lookOnce: () => Promise<Attempt>,
  looking: Looking,
  clock: Clock,
): Promise<Attempt> {
  if (timing.mode === 'once') return lookOnce();
  const deadline = clock.now() + timing.withinMs;
  const longest = Math.max(timing.upToMs ?? 0, timing.everyMs);
  let wait = timing.everyMs;
  let passes = 0;
  for (;;) {
    const last = await lookOnce();
    const isPass = last.outcome === 'pass';
    passes = isPass ? passes + 1 : 0;
    const left = deadline - clock.now();
    if (passes >= timing.stable || last.fatal !== undefined || left <= 0) {
      return passes > 0 && passes < timing.stable ? unstable(last, passes, timing.stable) : last;
    }
    await clock.sleep(Math.min(wait, left), looking.probe.signal);
    wait = isPass ? timing.everyMs : Math.min(wait * BACKOFF, longest);
  }
}

function unstable(last: Attempt, passes: number, stable: number): Attempt {
  const observed = `passed ${passes === 1 ? 'once' : `${passes} times`} in a row when the time was over`;
  const expected = `pass ${stable} times in a row`;
  const result = { property: 'stable', outcome: 'fail', expected, observed } as const;
  return { outcome: 'fail', results: [...last.results, result] };
}

function failureOf({ outcome, results }: Attempt, attemptNumber: number, atMs: number): FirstFailure {
  const { property, expected, observed } = results.find((one) => one.outcome !== 'pass') ?? {
    property: 'observe',
    expected: 'an observation',
    observed: 'nothing was observed',
  };
  return { attempt: attemptNumber, atMs: Math.round(atMs), outcome, property, expected, observed };
}
