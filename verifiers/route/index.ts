import type { Verifier } from '../../src/core/verifier.ts';
import { judgeRoute, type RouteFacts } from './judge.ts';
import { type RouteSpec, routeSpec } from './schema.ts';

export const routeVerifier: Verifier<RouteSpec, RouteFacts> = {
  name: 'route',
  description: 'a route: gateway, interface, metric',
  spec: routeSpec,
  repeatable: false,
  title: (spec) =>
    `route ${spec.route}${spec.family === 'ipv6' ? ' ipv6' : ''}${spec.exists === false ? ' does not exist' : ''}`,
  needs: () => ({ network: true }),
  async observe(_spec, { snapshot }) {
    const { routes, via } = snapshot;
    if (!routes) throw new Error('the routes were not read');
    return { routes, via };
  },
  judge: judgeRoute,
};
