import tap from 'tap';
import { judgeInterface } from './judge.ts';
import { interfaceSpec } from './schema.ts';

const link = (name: string, more: object = {}) => ({
  index: 1,
  name,
  up: true,
  state: 'up',
  mtu: 1500,
  mac: '02:00',
  addresses: [],
  ...more,
});
const FACTS = {
  interfaces: [
    link('eth0', { addresses: ['10.0.0.5/24', 'fe80::1/64'] }),
    link('wg0', { up: false, state: 'down' }),
  ],
  via: 'exec',
};
const judge = (raw: object) => judgeInterface(interfaceSpec.parse(raw), FACTS);

await tap.test('addresses are compared with their prefix length only when the check gives one', (t) => {
  t.match(judge({ interface: 'eth0', addresses: { exactly: ['10.0.0.5', 'fe80::1'] } })[1], {
    outcome: 'pass',
  });
  t.match(judge({ interface: 'eth0', addresses: '10.0.0.5/24' })[1], { outcome: 'pass' });
  t.match(judge({ interface: 'eth0', addresses: '10.0.0.5/16' })[1], {
    outcome: 'fail',
    observed: /10\.0\.0\.5\/24/,
  });
  t.match(judge({ interface: 'wg0', addresses: '10.0.0.5', up: true }), [
    { outcome: 'pass' },
    { property: 'up', outcome: 'fail', notes: ['down (down), mtu 1500, no address'] },
    { outcome: 'fail', notes: ['eth0 has 10.0.0.5/24, fe80::1/64'] },
  ]);
  t.match(judge({ interface: 'eth1' }), [{ outcome: 'fail', notes: ['there are: eth0, wg0'] }]);
  for (const bad of [
    { interface: '' },
    { interface: 'eth0', mtu: 'big' },
    { interface: 'eth0', exists: false, up: true },
  ])
    t.notOk(interfaceSpec.safeParse(bad).success, JSON.stringify(bad));
  t.end();
});
