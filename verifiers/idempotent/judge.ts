import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import { redactText } from '../../src/checks/redact.ts';
import { changedAgain } from '../../src/core/changed-again.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ConvergeResult } from '../../src/core/provisioner.ts';
import type { IdempotentSpec } from './schema.ts';

const NOTHING: Matcher = { kind: 'equal', value: 0 };

/** Pure. A further converge that fails, or that lists no resource at all, proves nothing good. */
export function judgeIdempotent(spec: IdempotentSpec, run: ConvergeResult): CheckResult[] {
  const wanted = spec.updatedResources ?? NOTHING;
  const property = 'updatedResources';
  const source = `a further converge, ${run.total} resources`;
  if (run.outcome === 'failed') {
    const { message = 'no reason given', details = [] } = run.error ?? {};
    return [
      {
        property,
        outcome: 'fail',
        expected: describeMatcher(wanted),
        observed: `the further converge failed: ${redactText(message)}`,
        source,
        notes: details.slice(0, 10).map(redactText),
      },
    ];
  }
  if (run.total === 0) {
    const observed = 'there are no resources: the recipes are empty, or the provisioner lists none';
    return [cannotLook(property, describeMatcher(wanted), observed, source)];
  }
  const { count, allowed, details } = changedAgain(run, spec.except ?? []);
  const notes = [
    ...details.map(redactText),
    ...(allowed.length > 0 ? [`changed again, as except allows: ${allowed.join(', ')}`] : []),
    'guard these resources with not_if or only_if, or list them under except',
  ];
  return [judgeValue(property, count, wanted, { source, notes })];
}
