import { judgeExists } from '../../src/checks/judge-exists.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher } from '../../src/checks/matchers.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { DnsFacts } from './observe.ts';
import type { DnsSpec } from './schema.ts';

/** Pure. A name that does not resolve has no other failures. */
export function judgeDns(spec: DnsSpec, facts: DnsFacts): CheckResult[] {
  const { source, values, words } = facts;
  const existence = judgeExists({
    wanted: spec.resolves,
    found: facts.resolves,
    observed: values.join(', '),
    source,
    notes: words === undefined ? [] : [words],
    words: ['resolves', 'resolves', 'does not resolve'],
  });
  if (existence.outcome !== 'pass' || !facts.resolves) return [existence];
  const results = [existence];
  if (spec.addresses) results.push(judgeValue('addresses', values, spec.addresses, { source }));
  if (spec.records) results.push(judgeValue('records', values, spec.records, { source }));
  if (spec.aliases) results.push(judgeValue('aliases', facts.aliases, spec.aliases, { source }));
  if (spec.ttl) results.push(judgeValue('ttl', facts.ttl, spec.ttl, { source }));
  if (spec.latency)
    results.push(
      facts.latencyMs === undefined
        ? cannotLook('latency', describeMatcher(spec.latency), 'the tool there does not measure time', source)
        : judgeValue('latency', Math.round(facts.latencyMs * 10) / 10, spec.latency, { source }),
    );
  return results;
}
