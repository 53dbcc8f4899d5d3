import { judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matchers.ts';
import { isSecretName } from '../../src/checks/redact.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ImageFacts } from '../../src/core/surroundings.ts';
import type { ImageSpec } from './schema.ts';

/** Pure. A variable or label that is not there is "not set", which negative matchers may want. */
export function judgeImage(spec: ImageSpec, facts: ImageFacts): CheckResult[] {
  const source = `${spec.of ?? 'image'} ${facts.ref}`;
  const results: CheckResult[] = [];
  const judged = (
    property: string,
    actual: unknown,
    wanted: Matcher | undefined,
    notes: string[] = [],
  ): void => {
    if (wanted) results.push(judgeValue(property, actual, wanted, { source, notes }));
  };
  judged('ref', facts.ref, spec.ref);
  for (const name of ['env', 'labels'] as const) {
    for (const [key, wanted] of Object.entries(spec[name] ?? {})) {
      const value = Object.hasOwn(facts[name], key) ? facts[name][key] : undefined;
      const property = `${name}.${key}`;
      const notes = value === undefined ? [`set: ${Object.keys(facts[name]).join(', ') || 'none'}`] : [];
      results.push(judgeValue(property, value, wanted, { source, notes, secret: isSecretName(key) }));
    }
  }
  judged('ports', facts.ports, spec.ports);
  judged('entrypoint', facts.entrypoint, spec.entrypoint);
  judged('command', facts.command, spec.command);
  judged(
    'user',
    facts.user === '' ? 'root' : facts.user,
    spec.user,
    facts.user === '' ? ['it names no user'] : [],
  );
  judged('volumes', facts.volumes, spec.volumes);
  judged('workdir', facts.workdir === '' ? '/' : facts.workdir, spec.workdir);
  return results;
}
