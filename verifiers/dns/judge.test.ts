import tap from 'tap';
import { judgeDns } from './judge.ts';
import type { DnsFacts } from './observe.ts';
import { dnsSpec, serverOf } from './schema.ts';

const FACTS: DnsFacts = {
  resolves: true,
  values: ['10.0.0.1'],
  aliases: [],
  ttl: 60,
  latencyMs: undefined,
  words: undefined,
  source: 'x',
};
const judge = (raw: object, more: Partial<DnsFacts> = {}) =>
  judgeDns(dnsSpec.parse({ dns: 'db', ...raw }), { ...FACTS, ...more });

await tap.test('resolving gates the rest; an unmeasured time is an error', (t) => {
  t.match(judge({ addresses: '10.0.0.1' }), [{ outcome: 'pass' }, { outcome: 'pass' }]);
  t.match(judge({ addresses: '10.0.0.1' }, { resolves: false, values: [], words: 'no such name' }), [
    { outcome: 'fail', observed: 'does not resolve', notes: ['no such name'] },
  ]);
  t.match(judge({ latency: { lt: 5 } })[1], { outcome: 'error' });
  t.end();
});

await tap.test('servers, and keys that do not go together', (t) => {
  t.same(serverOf('10.0.0.1'), { host: '10.0.0.1', port: 53 });
  t.same(serverOf('[fd00::1]:5353'), { host: 'fd00::1', port: 5353 });
  t.same(serverOf('fd00::1'), { host: 'fd00::1', port: 53 });
  for (const bad of ['dns.test', '10.0.0.1:0', '300.0.0.1', '']) t.equal(serverOf(bad), undefined, bad);
  for (const bad of [
    { server: '10.0.0.1' },
    { records: 'x' },
    { ttl: 1 },
    { type: 'A', addresses: 'x' },
    { type: 'a' },
    { resolves: false, addresses: 'x' },
    { dns: 'http://x' },
  ])
    t.notOk(dnsSpec.safeParse({ dns: 'db', ...bad }).success, JSON.stringify(bad));
  t.end();
});
