import { judgeExists } from '../../src/checks/judge-exists.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher } from '../../src/checks/matchers.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { didYouMean } from '../../src/core/did-you-mean.ts';
import type { SysctlFact } from '../../src/core/system-facts.ts';
import type { SysctlSpec } from './schema.ts';

export interface SysctlFacts {
  readonly fact: SysctlFact;
  readonly via: string;
}

/** Pure. A name that the kernel does not know is an error unless `exists` is given: a typo is never a pass. */
export function judgeSysctl(spec: SysctlSpec, { fact, via }: SysctlFacts): CheckResult[] {
  const source = `/proc/sys/${fact.name}, via ${via}`;
  const expected = spec.value ? describeMatcher(spec.value) : 'exists';
  if (fact.error !== undefined) return [cannotLook('value', expected, fact.error, source)];
  if (spec.exists !== undefined) {
    const observed = `exists, value ${JSON.stringify(fact.value ?? '')}`;
    const notes = nearest(fact);
    const existence = judgeExists({ wanted: spec.exists, found: fact.exists, observed, source, notes });
    if (existence.outcome !== 'pass' || !fact.exists || !spec.value) return [existence];
    return [existence, judgeValue('value', fact.value, spec.value, { source })];
  }
  if (!spec.value) return [];
  if (fact.exists) return [judgeValue('value', fact.value, spec.value, { source })];
  const why = 'the kernel does not know this parameter (its module may not be loaded)';
  const notes = [...nearest(fact), 'if it must not be there, write exists: false'];
  return [{ ...cannotLook('value', expected, why, source), notes }];
}

function nearest(fact: SysctlFact): string[] {
  const at = fact.name.lastIndexOf('/');
  const near = didYouMean(fact.name.slice(at + 1), fact.siblings);
  return near === undefined ? [] : [`there is ${fact.name.slice(0, at + 1).replaceAll('/', '.')}${near}`];
}
