import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { type Cookie, parseCookies } from './cookies.ts';
import type { Outcome } from './exchange.ts';
import type { HttpSpec } from './schema.ts';

type Answer = Extract<Outcome, { kind: 'answer' }>;

/** What the TLS connection of the last hop told. Pure. */
export function judgeTls(
  wanted: NonNullable<HttpSpec['tls']>,
  answer: Answer,
  source: string,
  isInside: boolean,
): CheckResult[] {
  const results: CheckResult[] = [];
  const { tls } = answer;
  const judged = (key: string, actual: unknown, matcher: Matcher | undefined, notes: string[] = []): void => {
    if (!matcher) return;
    const property = `tls.${key}`;
    if (tls) results.push(judgeValue(property, actual, matcher, { source, notes }));
    else if (isInside) {
      const why = 'a tool inside does not tell: ask from the host, or with a check cert';
      results.push(cannotLook(property, describeMatcher(matcher), why, source));
    } else {
      const expected = describeMatcher(matcher);
      results.push({
        property,
        outcome: 'fail',
        expected,
        observed: 'no TLS: the answer came over http',
        source,
      });
    }
  };
  const verified: Matcher | undefined =
    wanted.verified === undefined ? undefined : { kind: 'equal', value: wanted.verified };
  judged('verified', tls?.verified, verified, tls?.reason === undefined ? [] : [tls.reason]);
  judged('protocol', tls?.protocol, wanted.protocol);
  judged('subject', tls?.subject, wanted.subject);
  judged('issuer', tls?.issuer, wanted.issuer);
  judged('san', tls?.san, wanted.san);
  judged('daysLeft', tls?.daysLeft, wanted.daysLeft);
  return results;
}

/** Cookies that the answer sets; their values are shown by their length only. Pure. */
export function judgeCookies(
  wanted: NonNullable<HttpSpec['cookies']>,
  answer: Answer,
  filled: (matcher: Matcher) => Matcher,
  source: string,
): CheckResult[] {
  const set = parseCookies(answer.headers['set-cookie'] ?? [], Date.now());
  return Object.entries(wanted).flatMap(([name, asked]): CheckResult[] => {
    const cookie = set.get(name);
    const isWanted = asked.exists ?? true;
    if (cookie === undefined || !isWanted) {
      const names = [...set.keys()].join(', ') || 'none';
      return [
        {
          property: `cookies.${name}`,
          outcome: (cookie !== undefined) === isWanted ? 'pass' : 'fail',
          expected: isWanted ? 'set' : 'not set',
          observed: cookie ? 'set' : `not set; cookies set: ${names}`,
          source,
        },
      ];
    }
    const results = judgeCookie(name, cookie, asked, filled, source);
    if (results.length > 0) return results;
    return [{ property: `cookies.${name}`, outcome: 'pass', expected: 'set', observed: 'set', source }];
  });
}

function judgeCookie(
  name: string,
  cookie: Cookie,
  asked: NonNullable<HttpSpec['cookies']>[string],
  filled: (matcher: Matcher) => Matcher,
  source: string,
): CheckResult[] {
  const results: CheckResult[] = [];
  for (const key of ['value', 'path', 'domain', 'sameSite', 'maxAge'] as const) {
    const matcher = asked[key];
    if (!matcher) continue;
    const secret = key === 'value';
    results.push(judgeValue(`cookies.${name}.${key}`, cookie[key], filled(matcher), { source, secret }));
  }
  for (const key of ['secure', 'httpOnly'] as const) {
    const value = asked[key];
    if (value === undefined) continue;
    results.push(judgeValue(`cookies.${name}.${key}`, cookie[key], { kind: 'equal', value }, { source }));
  }
  return results;
}
