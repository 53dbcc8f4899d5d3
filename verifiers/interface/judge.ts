import { judgeExists } from '../../src/checks/judge-exists.ts';
import { judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matchers.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { InterfaceFact } from '../../src/core/system-facts.ts';
import type { InterfaceSpec } from './schema.ts';

export interface InterfaceFacts {
  readonly interfaces: readonly InterfaceFact[];
  readonly via: string;
}

/** Pure. An interface that is not there has no other failures. */
export function judgeInterface(spec: InterfaceSpec, { interfaces, via }: InterfaceFacts): CheckResult[] {
  const fact = interfaces.find((one) => one.name === spec.interface);
  const source = `rtnetlink, via ${via}`;
  const existence = judgeExists({
    wanted: spec.exists,
    found: fact !== undefined,
    observed: fact ? describe(fact) : '',
    source,
    notes: [`there are: ${interfaces.map((one) => one.name).join(', ')}`],
  });
  if (fact === undefined || existence.outcome !== 'pass') return [existence];
  const results = [existence];
  const notes = [describe(fact)];
  if (spec.up !== undefined)
    results.push(judgeValue('up', fact.up, { kind: 'equal', value: spec.up }, { source, notes }));
  for (const property of ['state', 'mtu', 'mac'] as const) {
    const wanted = spec[property];
    if (wanted) results.push(judgeValue(property, fact[property], wanted, { source }));
  }
  if (spec.addresses) {
    const hasPrefix = mentionsPrefix(spec.addresses);
    const shown = hasPrefix ? fact.addresses : fact.addresses.map((text) => text.replace(/\/\d+$/, ''));
    results.push(
      judgeValue('addresses', shown, spec.addresses, { source, notes: elsewhere(fact, interfaces) }),
    );
  }
  return results;
}

function describe(fact: InterfaceFact): string {
  const addresses = fact.addresses.length === 0 ? 'no address' : fact.addresses.join(', ');
  return `${fact.up ? 'up' : 'down'} (${fact.state}), mtu ${fact.mtu}, ${addresses}`;
}

/** Whether the author wrote addresses with a prefix length. */
function mentionsPrefix(matcher: Matcher): boolean {
  return /\d\/\d/.test(
    JSON.stringify(matcher, (_key, value: unknown) => (value instanceof RegExp ? value.source : value)),
  );
}

function elsewhere(fact: InterfaceFact, all: readonly InterfaceFact[]): string[] {
  return all
    .filter((one) => one !== fact && one.addresses.length > 0)
    .map((one) => `${one.name} has ${one.addresses.join(', ')}`);
}
