import { atPath } from '../../src/checks/json-path.ts';
import { judgeText } from '../../src/checks/judge-text.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import { isSecretName } from '../../src/checks/redact.ts';
import { fillMatcher } from '../../src/checks/tokens.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { causesOf, describeNone, excerpt } from './causes.ts';
import type { Exchange, Outcome } from './exchange.ts';
import { judgeCookies, judgeTls } from './judge-parts.ts';
import { judgeRepeated } from './judge-repeated.ts';
import { judgeToken } from './judge-token.ts';
import { judgeWorkers } from './judge-workers.ts';
import type { HttpFacts } from './observe.ts';
import type { HttpSpec } from './schema.ts';

const SUCCESS: Matcher = { kind: 'between', from: 200, to: 299 };

export function judgeHttp(spec: HttpSpec, facts: HttpFacts): CheckResult[] {
  const [first] = facts.exchanges;
  if (facts.repeat) {
    const judge = (exchange: Exchange): CheckResult[] => judgeExchange(spec, exchange, facts);
    const { token, workers } = facts.repeat;
    const each = token ? (one: Exchange): CheckResult[] => [...judge(one), ...judgeToken(spec, one)] : judge;
    const load = judgeRepeated(facts, spec, each);
    return workers === undefined ? [load] : [load, judgeWorkers(spec, facts, workers)];
  }
  if (!first) return [cannotLook('status', describeMatcher(spec.status ?? SUCCESS), 'no request was made')];
  return judgeExchange(spec, first, facts);
}

/** No answer, and then a wrong status, gate the rest: the body of an error page is evidence, not a second failure. */
function judgeExchange(
  spec: HttpSpec,
  exchange: Exchange,
  facts: Pick<HttpFacts, 'isListening' | 'control'>,
): CheckResult[] {
  const { outcome, source } = exchange;
  if (spec.error) return [proved(judgeError(spec.error, exchange, facts.isListening), facts.control)];
  const wanted = spec.status ?? SUCCESS;
  if (outcome.kind === 'none') {
    const observed = describeNone(outcome, exchange.address);
    const expected = describeMatcher(wanted);
    return [{ property: 'status', outcome: 'fail', expected, observed, source, notes: causesOf(exchange) }];
  }
  const notes = [...excerpt(outcome), ...causesOf(exchange)];
  const status = judgeValue('status', outcome.status, wanted, { source, notes });
  return status.outcome === 'pass' ? [status, ...judgeAnswer(spec, exchange, outcome)] : [status];
}

/** Nobody answering is no pass where nobody could have answered. */
function proved(result: CheckResult, control: string | undefined): CheckResult {
  if (result.outcome !== 'pass' || control === undefined) return result;
  return cannotLook(result.property, result.expected, control, result.source);
}

function judgeError(
  wanted: Matcher,
  { outcome, source, address, isPublished }: Exchange,
  isListening: boolean | undefined,
): CheckResult {
  if (outcome.kind === 'answer') {
    const expected = describeMatcher(wanted);
    return {
      property: 'error',
      outcome: 'fail',
      expected,
      observed: `answered with status ${outcome.status}`,
      source,
    };
  }
  const isProxy = outcome.error === 'reset' && isPublished && isListening === false;
  if (isProxy) {
    return judgeValue('error', 'refused', wanted, {
      source: "the instance's own sockets: nothing listens there",
    });
  }
  return judgeValue('error', outcome.error, wanted, { source, notes: [describeNone(outcome, address)] });
}

type Answer = Extract<Outcome, { kind: 'answer' }>;

function judgeAnswer(spec: HttpSpec, exchange: Exchange, answer: Answer): CheckResult[] {
  const { source } = exchange;
  const results: CheckResult[] = [];
  const filled = (matcher: Matcher): Matcher => fillMatcher(matcher, exchange.tokens);
  for (const [name, wanted] of Object.entries(spec.headers ?? {})) {
    const secret = isSecretName(name);
    const values = answer.headers[name.toLowerCase()] ?? [];
    results.push(judgeValue(`headers.${name}`, values, filled(wanted), { source, secret }));
  }
  const keptOnly = answer.keptBytes === undefined ? undefined : `${answer.keptBytes} bytes`;
  if (spec.body && answer.unread !== undefined)
    results.push(cannotLook('body', describeMatcher(filled(spec.body)), answer.unread, source));
  else if (spec.body) results.push(judgeText('body', answer.body, filled(spec.body), { source, keptOnly }));
  if (spec.json) results.push(...judgeJson(spec.json, answer, filled, keptOnly, source));
  for (const [name, ms] of [['first', answer.firstMs] as const, ['total', answer.totalMs] as const]) {
    const wanted = spec.time?.[name];
    if (!wanted) continue;
    const property = `time.${name}`;
    if (ms === undefined)
      results.push(cannotLook(property, describeMatcher(wanted), 'the tool told no times', source));
    else results.push(judgeValue(property, Math.round(ms * 10) / 10, wanted, { source }));
  }
  if (spec.tls) results.push(...judgeTls(spec.tls, answer, source, exchange.isInside));
  if (spec.cookies) results.push(...judgeCookies(spec.cookies, answer, filled, source));
  if (spec.redirects)
    results.push(judgeValue('redirects', exchange.redirects.length, spec.redirects, { source }));
  return results;
}

function judgeJson(
  wanted: NonNullable<HttpSpec['json']>,
  answer: Answer,
  filled: (matcher: Matcher) => Matcher,
  keptOnly: string | undefined,
  source: string,
): CheckResult[] {
  const paths = Object.entries(wanted);
  if (keptOnly !== undefined || answer.unread !== undefined) {
    const why = answer.unread ?? `the body is larger than ${keptOnly} and only that much was kept`;
    return paths.map(([path, matcher]) => cannotLook(`json.${path}`, describeMatcher(matcher), why, source));
  }
  let value: unknown;
  try {
    value = JSON.parse(answer.body);
  } catch {
    const type = answer.headers['content-type']?.[0];
    return paths.map(([path, matcher]) => ({
      property: `json.${path}`,
      outcome: 'fail',
      expected: describeMatcher(filled(matcher)),
      observed: `the body is not JSON${type === undefined ? '' : ` (${type})`}`,
      source,
      notes: excerpt(answer),
    }));
  }
  return paths.map(([path, matcher]) => {
    const secret = isSecretName(path);
    return judgeValue(`json.${path}`, atPath(value, path), filled(matcher), { source, secret });
  });
}
