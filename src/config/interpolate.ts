import { suggestion } from '../core/did-you-mean.ts';
import type { Instance } from '../core/instance.ts';
import type { ServiceAddress } from '../core/service.ts';
import { type Entry, type Node, scalar } from './tree.ts';

/** What references may name. */
export interface References {
  readonly instance: Instance;
  readonly services: Readonly<Record<string, ServiceAddress>>;
}

export type Interpolated =
  | { readonly value: string | number }
  | { readonly message: string; readonly hint?: string };

const SERVICE_KEYS = ['host', 'port', 'url', 'user', 'password', 'database'] as const;
const INSTANCE_KEYS = ['name', 'suite', 'platform'] as const;

/** `$${` before one of our words is an escape; `${services.…}` and `${instance.…}` are ours; all else is the user's. */
const REFERENCE = /\$\$\{(?=(?:services|instance)\.)|\$\{((?:services|instance)\.[^{}\s]*)\}/g;

/**
 * Replaces `${services.NAME.KEY}`, `${services.NAME.env.KEY}` and `${instance.name|suite|platform}` in a text. A text
 * that is one reference and nothing else takes the type of its value (a port is a number). Pure.
 */
export function interpolate(text: string, references: References): Interpolated {
  if (!text.includes('${')) return { value: text };
  const whole = /^\$\{((?:services|instance)\.[^{}\s]*)\}$/.exec(text);
  if (whole) return lookUp(whole[1] ?? '', references);
  let failed: Interpolated | undefined;
  const value = text.replaceAll(REFERENCE, (_, reference?: string) => {
    if (reference === undefined) return '${';
    const found = lookUp(reference, references);
    if ('value' in found) return String(found.value);
    failed ??= found;
    return '';
  });
  return failed ?? { value };
}

function lookUp(reference: string, references: References): Interpolated {
  const [kind, name = '', key = '', ...rest] = reference.split('.');
  if (kind === 'instance') {
    const known = INSTANCE_KEYS.find((one) => one === name && key === '');
    if (known) return { value: references.instance[known] };
    return unknown(`\${${reference}}: an instance has no "${reference.slice(9)}"`, name, INSTANCE_KEYS);
  }
  const service = Object.hasOwn(references.services, name) ? references.services[name] : undefined;
  if (service === undefined) {
    const names = Object.keys(references.services);
    const message = `\${${reference}}: suite "${references.instance.suite}" has no service "${name}"`;
    if (names.length === 0) return { message, hint: 'declare it under "services" of the suite' };
    return unknown(message, name, names);
  }
  if (key === 'env') {
    const variable = rest.join('.');
    if (Object.hasOwn(service.env, variable)) return { value: service.env[variable] ?? '' };
    const message = `\${${reference}}: the service "${name}" has no environment variable "${variable}"`;
    return unknown(message, variable, Object.keys(service.env));
  }
  const known = rest.length === 0 ? SERVICE_KEYS.find((one) => one === key) : undefined;
  if (known === undefined) {
    const wrong = [key, ...rest].join('.');
    return unknown(`\${${reference}}: a service has no "${wrong}"`, wrong, [...SERVICE_KEYS, 'env']);
  }
  const value = service[known];
  if (known === 'port' && value === 0) {
    return {
      message: `\${${reference}}: the port of "${name}" is not known`,
      hint: `set services.${name}.ports`,
    };
  }
  if (value === undefined) {
    const message = `\${${reference}}: the service "${name}" has no ${known}`;
    return { message, hint: `set it in services.${name}.environment` };
  }
  return { value };
}

function unknown(message: string, word: string, candidates: readonly string[]): Interpolated {
  const hint = suggestion(word, candidates);
  return hint === undefined ? { message } : { message, hint };
}

/** All texts of a tree interpolated; parts without references stay the same objects. */
export function interpolateTree(
  node: Node,
  references: References,
  report: (problem: { message: string; hint?: string }, node: Node) => void,
): Node {
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string' || !node.value.includes('${')) return node;
    const result = interpolate(node.value, references);
    if (!('value' in result)) {
      report(result, node);
      return node;
    }
    return result.value === node.value ? node : scalar(result.value, node.place);
  }
  if (node.kind === 'seq') {
    const items = node.items.map((item) => interpolateTree(item, references, report));
    return items.some((item, index) => item !== node.items[index]) ? { ...node, items } : node;
  }
  let entries: Map<string, Entry> | undefined;
  for (const [key, entry] of node.entries) {
    const value = interpolateTree(entry.value, references, report);
    if (value === entry.value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, { ...entry, value });
  }
  return entries ? { ...node, entries } : node;
}
