import type { ServiceSpec } from '../core/service.ts';
import type { Findings } from './findings.ts';
import { defaultPorts } from './service-images.ts';
import type { ServiceRules } from './service-rules.ts';
import { toLocation } from './source-file.ts';
import {
  type Entry,
  isNull,
  locateKeyIn,
  type MapNode,
  mapOf,
  type Node,
  scalar,
  withEntry,
} from './tree.ts';

/** Seconds to wait for a service that names no time. */
const DEFAULT_TIMEOUT = 60;

/** A level's services in the form that merges: `db: postgres:15` spelt out, environment lists as mappings. */
export function normalizeServices(services: MapNode, findings: Findings): MapNode {
  const entries = new Map<string, Entry>();
  for (const [name, entry] of services.entries) {
    if (isNull(entry.value)) continue;
    entries.set(name, { ...entry, value: normalizeService(name, entry.value, findings) });
  }
  return { ...services, entries };
}

function normalizeService(name: string, node: Node, findings: Findings): Node {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    return mapOf('image', { keyPlace: undefined, value: node }, node.place);
  }
  const environment = node.kind === 'map' ? node.entries.get('environment') : undefined;
  if (node.kind !== 'map' || environment?.value.kind !== 'seq') return node;
  const entries = new Map<string, Entry>();
  for (const item of environment.value.items) {
    const text = item.kind === 'scalar' && item.value !== null ? String(item.value) : '';
    const at = text.indexOf('=');
    if (at < 1) {
      findings.error({
        code: 'config.invalid_value',
        message: `services.${name}.environment must be a mapping, or a list of KEY=value`,
        ...(toLocation(item.place) && { location: toLocation(item.place) as never }),
        expected: 'KEY=value',
      });
      continue;
    }
    entries.set(text.slice(0, at), { keyPlace: item.place, value: scalar(text.slice(at + 1), item.place) });
  }
  const value: MapNode = { kind: 'map', entries, place: environment.value.place };
  return withEntry(node, 'environment', { ...environment, value });
}

let rules: ServiceRules | undefined;

/** To be awaited before `serviceSpecs`: most kitchens have no services and do not wait for zod. */
export async function loadServiceRules(): Promise<void> {
  rules ??= await import('./service-rules.ts');
}

const specs = new WeakMap<Node, ServiceSpec | null>();

/** The services of an instance, from their merged declarations. Wrong ones are reported and left out. */
export function serviceSpecs(services: MapNode, findings: Findings): Readonly<Record<string, ServiceSpec>> {
  const made: Record<string, ServiceSpec> = {};
  for (const [name, { value }] of services.entries) {
    let spec = specs.get(value);
    if (spec === undefined) {
      spec = serviceSpec(name, value, services, findings);
      specs.set(value, spec);
    }
    if (spec) made[name] = spec;
  }
  return made;
}

function serviceSpec(name: string, node: Node, services: MapNode, findings: Findings): ServiceSpec | null {
  if (!/^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/.test(name)) {
    const location = locateKeyIn(services, [name]);
    findings.error({
      code: 'config.invalid_value',
      message: `"${name}" cannot be the name of a service: it must work as a host name`,
      ...(location && { location }),
      expected: 'letters, digits and dashes',
    });
    return null;
  }
  if (rules === undefined) throw new Error('loadServiceRules has not been awaited');
  const parsed = rules.parseService(name, node, services);
  if ('errors' in parsed) {
    findings.errors(parsed.errors);
    return null;
  }
  const { image, environment, ports, command, wait, timeout, url } = parsed.value;
  return {
    image,
    environment: Object.fromEntries(
      Object.entries(environment ?? {}).map(([key, given]) => [key, given === null ? '' : String(given)]),
    ),
    ports: ports ?? defaultPorts(image),
    command: typeof command === 'string' ? splitWords(command) : (command ?? undefined),
    wait: wait ?? undefined,
    timeout: timeout ?? DEFAULT_TIMEOUT,
    url: url ?? undefined,
  };
}

/** Words of a command line with quotes, as Docker Compose splits `command:`. */
function splitWords(command: string): readonly string[] {
  const words = command.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs,
      (_, double?: string, single?: string, one?: string) => {
        return double?.replaceAll(/\\(["\\$`])/g, '$1') ?? single ?? one ?? '';
      },
    ),
  );
}
