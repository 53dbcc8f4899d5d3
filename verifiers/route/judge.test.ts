import tap from 'tap';
import type { RouteFact } from '../../src/core/system-facts.ts';
import { judgeRoute } from './judge.ts';
import { routeSpec } from './schema.ts';

const route = (to: string, more: Partial<RouteFact> = {}): RouteFact => ({
  to,
  family: 'ipv4',
  via: undefined,
  interface: 'eth0',
  metric: 0,
  source: undefined,
  table: 'main',
  type: 'unicast',
  ...more,
});
const FACTS = {
  routes: [
    route('default', { via: '10.0.0.9', metric: 200 }),
    route('default', { via: '10.0.0.1', metric: 100 }),
    route('fd00::/8', { family: 'ipv6' }),
    route('10.1.2.3/32', { table: '100' }),
  ],
  via: 'exec',
};
const judge = (raw: object) => judgeRoute(routeSpec.parse(raw), FACTS);

await tap.test('the route with the lowest metric is judged, in its table and family', (t) => {
  t.match(judge({ route: 'default', via: '10.0.0.1' })[1], { outcome: 'pass' });
  t.match(judge({ route: '0.0.0.0/0', via: '10.0.0.9' })[1], {
    outcome: 'fail',
    notes: [/there are several/],
  });
  t.match(judge({ route: 'default', family: 'ipv6' }), [
    { outcome: 'fail', notes: ['there are: fd00::/8 on eth0'] },
  ]);
  t.match(judge({ route: 'fd00:0::/8' }), [{ outcome: 'pass' }]);
  t.match(judge({ route: '10.1.2.3', table: 100 }), [{ outcome: 'pass' }]);
  t.match(judge({ route: '10.1.2.3', exists: false }), [{ outcome: 'pass' }]);
  t.match(judge({ route: '10.1.2.3', table: 7 }), [
    { outcome: 'fail', notes: ['table 7 has no ipv4 routes'] },
  ]);
  for (const bad of ['10.0.0.0/33', 'eth0', '::/129', '1.2.3.4/8/9', ''])
    t.notOk(routeSpec.safeParse({ route: bad }).success, bad);
  t.end();
});
