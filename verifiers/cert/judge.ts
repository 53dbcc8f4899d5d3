import { judgeExists, judgeKnown } from '../../src/checks/judge-exists.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { CertFact } from './certificate.ts';
import type { CertFacts } from './observe.ts';
import type { CertSpec } from './schema.ts';

const PLAIN = ['subject', 'cn', 'issuer', 'san', 'keyType', 'keyBits', 'serial', 'fingerprint'] as const;
const DAY_S = 86_400;

/** Pure. A file that is not there has no other failures. Without an attribute its time must not be over. */
export function judgeCert(spec: CertSpec, facts: CertFacts): CheckResult[] {
  const { cert, source } = facts;
  const existence = judgeExists({
    wanted: spec.exists,
    found: cert !== undefined,
    observed: cert ? describe(cert, facts.now) : '',
    source,
  });
  if (cert === undefined || existence.outcome !== 'pass') return [existence];
  const results = [existence];
  const yesNo = (
    property: string,
    actual: boolean,
    wanted: boolean | undefined,
    notes: readonly string[],
  ): void => {
    if (wanted !== undefined)
      results.push(judgeValue(property, actual, { kind: 'equal', value: wanted }, { source, notes }));
  };
  for (const property of PLAIN) {
    const wanted = spec[property];
    if (wanted) results.push(judgeValue(property, cert[property], wanted, { source }));
  }
  const isTimely = facts.now >= cert.notBefore && facts.now <= cert.notAfter;
  const times = [
    `valid from ${day(cert.notBefore)} to ${day(cert.notAfter)}; the instance's clock says ${day(facts.now)}`,
    ...causeOf(cert, facts.now),
  ];
  // An expired certificate that is only asked for its names must not be green.
  yesNo('valid', isTimely, spec.valid ?? (spec.daysLeft ? undefined : true), times);
  if (spec.daysLeft) {
    const left = Math.floor((cert.notAfter - facts.now) / DAY_S);
    results.push(judgeValue('daysLeft', left, spec.daysLeft, { source, notes: times }));
  }
  if (spec.hostname !== undefined) {
    const names = `it is for ${cert.san.join(', ') || 'no name at all (subjectAltName is empty)'}`;
    results.push({
      property: 'hostname',
      outcome: facts.isForHostname ? 'pass' : 'fail',
      expected: `valid for ${spec.hostname}`,
      observed: facts.isForHostname ? 'valid' : names,
      source,
    });
  }
  yesNo('selfSigned', cert.isSelfSigned, spec.selfSigned, [`issuer ${cert.issuer}`]);
  if (spec.keyMatches !== undefined) results.push(judgeKey(spec.keyMatches, facts));
  if (spec.trusted !== undefined) results.push(judgeTrust(spec.trusted, facts));
  return results;
}

function judgeKey(path: string, { key, source }: CertFacts): CheckResult {
  const wanted = { kind: 'equal', value: 'matches' } as const;
  const result = judgeKnown('keyMatches', key, wanted, { source: `${path} and ${source}` });
  const words = { expected: `${path} belongs to it` };
  if (result.outcome === 'error') return { ...result, ...words };
  return { ...result, ...words, observed: result.outcome === 'pass' ? 'it does' : 'it is another key' };
}

function judgeTrust(wanted: boolean, { trust, source }: CertFacts): CheckResult {
  const expected = wanted ? 'trusted' : 'not trusted';
  if (!trust || !('value' in trust))
    return cannotLook('trusted', expected, trust?.error ?? 'it was not looked at', source);
  const isTrusted = trust.value === '';
  return {
    property: 'trusted',
    outcome: isTrusted === wanted ? 'pass' : 'fail',
    expected,
    observed: isTrusted ? 'trusted' : `not trusted: ${trust.value}`,
    source,
  };
}

function causeOf(cert: CertFact, now: number): string[] {
  if (now < cert.notBefore)
    return ['cause: it is not valid yet: the clock of the instance, or of its issuer, is wrong'];
  return now > cert.notAfter
    ? ['cause: it has expired: whatever renews it did not run, or the new one was not put here']
    : [];
}

function describe(cert: CertFact, now: number): string {
  const left = Math.floor((cert.notAfter - now) / DAY_S);
  return `${cert.subject || 'no subject'}, ${left < 0 ? `expired ${-left} days ago` : `${left} days left`}`;
}

function day(seconds: number): string {
  return Number.isFinite(seconds)
    ? new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
    : 'unknown';
}
