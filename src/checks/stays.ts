import type { CheckOutcome, CheckResult, Consistently } from '../core/check.ts';
import type { Identity } from '../core/verifier.ts';
import type { Attempt } from './attempt.ts';
import type { Clock } from './clock.ts';
import { showDuration } from './duration.ts';
import { clockTime } from './probe/select-processes.ts';

/**
 * Goes on looking after a pass, for the whole time, with a last look at its very end. Ends at the first look that does
 * not pass or finds other processes than the first one.
 */
export async function stays(
  over: Consistently,
  first: Attempt,
  lookOnce: () => Promise<Attempt>,
  signal: AbortSignal,
  clock: Clock,
): Promise<Attempt> {
  const startedAt = clock.now();
  let last = first;
  for (let looks = 1; ; looks += 1) {
    const left = startedAt + over.forMs - clock.now();
    if (left <= 0) return { ...last, results: [...last.results, stayed(over, looks)] };
    await clock.sleep(Math.min(over.everyMs, left), signal);
    last = await lookOnce();
    const at = clock.now() - startedAt;
    if (last.outcome !== 'pass')
      return { ...last, results: [...last.results, ended(over, last.outcome, looks, at)] };
    const changed = over.mayRestart ? undefined : changeOf(first.identity, last.identity);
    if (changed) return { outcome: 'fail', results: [...last.results, replaced(first, changed, at)] };
  }
}

function stayed(over: Consistently, looks: number): CheckResult {
  const observed = `passed ${looks} times in a row`;
  return { property: 'consistently', outcome: 'pass', expected: wanted(over), observed };
}

function ended(over: Consistently, outcome: CheckOutcome, passes: number, atMs: number): CheckResult {
  const before = passes === 1 ? 'one look' : `${passes} looks`;
  const what = outcome === 'error' ? 'could not look any more' : 'did not pass any more';
  const observed = `${what} after ${showDuration(atMs)}; ${before} had passed before`;
  return { property: 'consistently', outcome, expected: wanted(over), observed };
}

function wanted(over: Consistently): string {
  return `for ${showDuration(over.forMs)}, every ${showDuration(over.everyMs)}`;
}

interface Change {
  readonly gone: readonly Identity[];
  readonly come: readonly Identity[];
}

function changeOf(
  first: readonly Identity[] | undefined,
  last: readonly Identity[] | undefined,
): Change | undefined {
  if (!first || !last) return undefined;
  const gone = first.filter((one) => !last.some((other) => isSame(one, other)));
  const come = last.filter((one) => !first.some((other) => isSame(one, other)));
  return gone.length + come.length === 0 ? undefined : { gone, come };
}

function isSame(one: Identity, other: Identity): boolean {
  return one.name === other.name && Math.abs((one.since ?? 0) - (other.since ?? 0)) < 1;
}

const MOST_SHOWN = 5;

function listed(label: string, all: readonly Identity[]): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST_SHOWN).map(describe).join(', ');
  return [`${label} ${shown}${all.length > MOST_SHOWN ? ` and ${all.length - MOST_SHOWN} more` : ''}`];
}

function describe({ name, since }: Identity): string {
  return since === undefined ? name : `${name} since ${clockTime(since)}`;
}

function replaced(first: Attempt, { gone, come }: Change, atMs: number): CheckResult {
  return {
    property: 'identity',
    outcome: 'fail',
    expected: listed('the same throughout:', first.identity ?? [])[0] ?? 'the same throughout',
    observed: `after ${showDuration(atMs)}: ${[...listed('gone:', gone), ...listed('new:', come)].join('; ')}`,
    notes: [
      'cause: it dies and is started again (its log says why), or something restarted it; mayRestart: true allows it',
    ],
  };
}
