import { showDuration } from '../../src/checks/duration.ts';
import { redactText } from '../../src/checks/redact.ts';
import { percentile } from '../../src/checks/repeat-all.ts';
import { tokensIn } from '../../src/checks/tokens.ts';
import type { CheckOutcome, CheckResult, Repeat } from '../../src/core/check.ts';
import { causesOf, excerpt } from './causes.ts';
import type { Exchange } from './exchange.ts';
import { distribution } from './judge-workers.ts';
import type { HttpFacts } from './observe.ts';
import type { HttpSpec } from './schema.ts';
import { servedBy } from './worker.ts';

const NO_LOAD: Repeat = { times: 1, concurrency: 1, maxFailures: 0 };

interface Failure {
  readonly exchange: Exchange;
  readonly result: CheckResult;
  /** Failures of one kind are counted together. */
  readonly kind: string;
  /** The request whose token came back instead of our own. */
  readonly other: Exchange | undefined;
}

/** All answers of a repeated request as one result: how many failed, of which kinds, how long they took. Pure. */
export function judgeRepeated(
  { exchanges, repeat = NO_LOAD }: Pick<HttpFacts, 'exchanges' | 'repeat'>,
  { worker }: Pick<HttpSpec, 'worker'>,
  judge: (exchange: Exchange) => readonly CheckResult[],
): CheckResult {
  const ownerOf = new Map(
    exchanges.flatMap((one) => [[one.tokens.token, one] as const, [one.tokens.number, one] as const]),
  );
  const failures = exchanges.flatMap((exchange): Failure[] => {
    const result = judge(exchange).find((one) => one.outcome !== 'pass');
    if (!result) return [];
    const other = answeredInstead(exchange, ownerOf);
    return [{ exchange, result, kind: kindOf(exchange, result, other), other }];
  });
  const sent = exchanges.length;
  // Workers that were spared so far get more requests than were asked for.
  const wanted = Math.max(repeat.times, sent);
  const notSent = Math.max(0, repeat.times - sent);
  return {
    property: 'repeat',
    outcome: outcomeOf(failures, repeat, notSent),
    expected:
      repeat.maxFailures === 0
        ? `${wanted} of ${wanted} pass`
        : `at most ${repeat.maxFailures} of ${wanted} fail`,
    observed:
      failures.length === 0
        ? `all ${sent} pass`
        : `${failures.length} of ${sent} fail: ${counted(failures)}${notSent > 0 ? `; gave up, ${notSent} not sent` : ''}`,
    source: `${sent} requests, ${repeat.concurrency} at a time, ${repeat.connection === 'reuse' ? 'over connections that are kept' : 'each on a connection of its own'}: ${exchanges[0]?.source ?? 'none'}`,
    notes: [
      ...firstExample(failures),
      ...likelyCause(failures),
      ...distributions(exchanges, servedBy(worker, exchanges)),
      timesOf(exchanges),
    ],
  };
}

function outcomeOf(failures: readonly Failure[], repeat: Repeat, notSent: number): CheckOutcome {
  if (failures.length > repeat.maxFailures || notSent > 0) {
    return failures.every((one) => one.result.outcome === 'error') ? 'error' : 'fail';
  }
  return failures.some((one) => one.result.outcome === 'error') ? 'error' : 'pass';
}

/** Set when the answer carries a token of another request and not our own: two requests shared something. */
function answeredInstead(exchange: Exchange, ownerOf: ReadonlyMap<string, Exchange>): Exchange | undefined {
  const { outcome, tokens } = exchange;
  if (outcome.kind === 'none') return undefined;
  const text = `${outcome.body}\n${Object.values(outcome.headers).flat().join('\n')}`;
  if (text.includes(tokens.token) || text.includes(tokens.number)) return undefined;
  return tokensIn(text)
    .map((token) => ownerOf.get(token))
    .find((owner) => owner !== undefined && owner !== exchange);
}

const WRONG_ANSWER = 'wrong answer (token of another request)';

function kindOf({ outcome }: Exchange, result: CheckResult, other: Exchange | undefined): string {
  if (other) return WRONG_ANSWER;
  if (outcome.kind === 'none') return outcome.error;
  return result.property === 'status' ? `status ${outcome.status}` : result.property;
}

function counted(failures: readonly Failure[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of failures) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
  const rest = sorted.slice(5).reduce((sum, [, count]) => sum + count, 0);
  const shown = sorted.slice(0, 5).map(([kind, count]) => `${count} × ${kind}`);
  return [...shown, ...(rest > 0 ? [`${rest} × other`] : [])].join(', ');
}

function firstExample(failures: readonly Failure[]): string[] {
  const first = failures.find((one) => one.other) ?? failures[0];
  if (!first) return [];
  const { exchange, result, other } = first;
  if (other) {
    const status = exchange.outcome.kind === 'answer' ? exchange.outcome.status : '';
    return [
      `first: #${exchange.n} got the answer to #${other.n}, with status ${status}: ` +
        `asked ${exchange.tokens.token}, got ${other.tokens.token}`,
      ...excerpt(exchange.outcome),
    ];
  }
  const what = `${result.property} ${result.observed}, expected ${result.expected}`;
  return [`first: #${exchange.n} ${redactText(exchange.url)}: ${what}`, ...excerpt(exchange.outcome)];
}

function likelyCause(failures: readonly Failure[]): string[] {
  const crossed = failures.filter((one) => one.other).length;
  if (crossed > 0) {
    return [
      `cause: cross-talk: ${crossed} requests were answered with another one's data: worker processes share a connection ` +
        'that was opened before fork; look at lazy-apps (uWSGI), preload_app (gunicorn) or a post-fork engine.dispose(), ' +
        "and at a check 'connections:'",
    ];
  }
  const [first] = failures;
  return first ? causesOf(first.exchange) : [];
}

/** By status, when there are several, and by worker, when the answers name theirs. */
function distributions(exchanges: readonly Exchange[], workers: ReadonlyMap<string, number>): string[] {
  const statuses = new Map<string, number>();
  for (const { outcome } of exchanges) {
    const kind = outcome.kind === 'none' ? outcome.error : String(outcome.status);
    statuses.set(kind, (statuses.get(kind) ?? 0) + 1);
  }
  const sorted = new Map([...statuses].toSorted((a, b) => b[1] - a[1]));
  return [
    ...(sorted.size > 1 ? [`status: ${distribution(sorted)}`] : []),
    ...(workers.size > 0 ? [`workers: ${distribution(workers)}`] : []),
  ];
}

function timesOf(exchanges: readonly Exchange[]): string {
  const times = exchanges.flatMap(({ outcome }) => outcome.totalMs ?? []);
  const [p50, p95, max] = [0.5, 0.95, 1].map((p) => showDuration(percentile(times, p)));
  return times.length === 0 ? 'no times known' : `time: p50 ${p50}, p95 ${p95}, max ${max}`;
}
