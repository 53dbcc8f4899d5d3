import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { type EnvFacts, type Reading, unitNamed } from './facts.ts';
import type { EnvSpec } from './schema.ts';
import { rightWords, wantedWords, wrongWords } from './words.ts';

/** The variable in the `Environment=` of the unit that the processes belong to, as the manager has loaded it. Pure. */
export function judgeUnit(
  spec: EnvSpec,
  facts: EnvFacts,
  read: readonly Reading[],
  wanted: Matcher,
): CheckResult {
  const name = spec.env.of.unit ?? read.find((one) => one.process.unit !== undefined)?.process.unit;
  const { key } = spec.env;
  const expected = wantedWords(key, wanted);
  const unit = name === undefined ? undefined : unitNamed(facts.units, name);
  const source = `Environment= of ${name ?? 'no unit'}, via ${facts.via}`;
  if (name === undefined)
    return cannotLook('unitValue', expected, 'the selected processes belong to no unit', source);
  if (!unit?.known)
    return cannotLook('unitValue', expected, `the service manager does not know ${name}`, source);
  const notes = unit.needsReload ? [`the unit file of ${name} changed on disk: systemctl daemon-reload`] : [];
  const files = unit.environmentFiles ?? [];
  if (!(key in unit.environment) && files.length > 0)
    notes.push(
      `${unit.unit} reads ${files.join(', ')} at start: that is not Environment=, so look at the live value`,
    );
  const value = unit.environment[key];
  const result = judgeValue('unitValue', value ?? null, wanted, { secret: true, source, notes });
  const observed =
    value === undefined ? result.observed : (wrongWords(key, value, wanted) ?? rightWords(key, value));
  return { ...result, expected, observed };
}
