import { judgeExists } from '../../src/checks/judge-exists.ts';
import { judgeValue } from '../../src/checks/judge-value.ts';
import { canonical } from '../../src/checks/probe/system/netlink.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { RouteFact } from '../../src/core/system-facts.ts';
import type { RouteSpec } from './schema.ts';

export interface RouteFacts {
  readonly routes: readonly RouteFact[];
  readonly via: string;
}

/** Pure. Of several routes to one network the one with the lowest metric is judged: the kernel takes it. */
export function judgeRoute(spec: RouteSpec, { routes, via }: RouteFacts): CheckResult[] {
  const table = spec.table ?? 'main';
  const family = familyOf(spec);
  const inTable = routes.filter((one) => one.table === table && one.family === family);
  const found = inTable.filter((one) => one.to === networkOf(spec)).toSorted((a, b) => a.metric - b.metric);
  const [best] = found;
  const source = `rtnetlink, table ${table}, ${family}, via ${via}`;
  const existence = judgeExists({
    wanted: spec.exists,
    found: best !== undefined,
    observed: found.map(describe).join('; '),
    source,
    notes: [inTable.length === 0 ? `table ${table} has no ${family} routes` : list(inTable)],
  });
  if (best === undefined || existence.outcome !== 'pass') return [existence];
  const results = [existence];
  const notes =
    found.length > 1 ? [`there are several: ${found.map(describe).join('; ')}`] : [describe(best)];
  for (const property of ['via', 'interface', 'metric', 'source', 'type'] as const) {
    const wanted = spec[property];
    if (wanted) results.push(judgeValue(property, best[property], wanted, { source, notes }));
  }
  return results;
}

function familyOf(spec: RouteSpec): 'ipv4' | 'ipv6' {
  if (spec.route === 'default') return spec.family ?? 'ipv4';
  return spec.route.includes(':') ? 'ipv6' : 'ipv4';
}

function networkOf(spec: RouteSpec): string {
  const [address = '', length] = spec.route.split('/');
  if (spec.route === 'default' || (length === '0' && /^[0.:]+$/.test(address))) return 'default';
  return `${canonical(address)}/${length ?? (address.includes(':') ? 128 : 32)}`;
}

function describe(route: RouteFact): string {
  const words = [
    route.type === 'unicast' ? route.to : `${route.type} ${route.to}`,
    route.via && `via ${route.via}`,
    route.interface && `on ${route.interface}`,
    route.metric > 0 && `metric ${route.metric}`,
    route.source && `from ${route.source}`,
  ];
  return words.filter(Boolean).join(' ');
}

function list(routes: readonly RouteFact[]): string {
  const more = routes.length > 8 ? ` and ${routes.length - 8} more` : '';
  return `there are: ${routes.slice(0, 8).map(describe).join('; ')}${more}`;
}
