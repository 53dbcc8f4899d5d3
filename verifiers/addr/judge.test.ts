import tap from 'tap';
import type { DialAnswer, DialOutcome } from '../../src/checks/network/dial-answer.ts';
import { judgeAddr } from './judge.ts';
import type { AddrFacts } from './observe.ts';
import { addrSpec, hostPort } from './schema.ts';

const answer = (outcome: DialOutcome): DialAnswer => ({
  outcome,
  addresses: ['10.0.0.1'],
  latencyMs: 2.04,
  answer: undefined,
  words: undefined,
});
const judge = (raw: object, outcome: DialOutcome, more: Partial<AddrFacts> = {}) =>
  judgeAddr(addrSpec.parse({ addr: 'db:5432', ...raw }), {
    seen: answer(outcome),
    self: answer('connected'),
    control: undefined,
    by: 'perl, via exec',
    ...more,
  });
const control = (outcome: DialOutcome) => ({ control: { to: 'a:1', answer: answer(outcome) } });

await tap.test('what a negative check takes for proof', (t) => {
  const rows: [object, DialOutcome, Partial<AddrFacts>, string][] = [
    [{ reachable: false }, 'refused', {}, 'pass'],
    [{ reachable: false }, 'reset', {}, 'pass'],
    [{ reachable: false }, 'timeout', {}, 'error'],
    [{ reachable: false }, 'unreachable', {}, 'error'],
    [{ reachable: false }, 'timeout', control('connected'), 'pass'],
    [{ reachable: false }, 'timeout', control('timeout'), 'error'],
    [{ reachable: false }, 'refused', control('refused'), 'error'],
    [{ reachable: false }, 'refused', { self: answer('timeout') }, 'error'],
    [{ reachable: false }, 'unresolved', control('connected'), 'error'],
    [{ reachable: false }, 'silent', control('connected'), 'error'],
    [{ reachable: false }, 'connected', control('refused'), 'fail'],
    [{ error: 'timeout' }, 'timeout', {}, 'pass'],
    [{ error: 'timeout' }, 'timeout', { self: answer('refused') }, 'error'],
    [{ error: 'unresolved' }, 'unresolved', {}, 'pass'],
    [{ error: 'unresolved' }, 'resolver', {}, 'error'],
    [{ error: 'none' }, 'connected', {}, 'pass'],
    [{ error: { not: 'refused' } }, 'error', {}, 'error'],
    [{}, 'timeout', {}, 'fail'],
    [{}, 'unresolved', {}, 'fail'],
    [{}, 'error', {}, 'error'],
    [{}, 'answered', {}, 'pass'],
  ];
  for (const [raw, seen, more, outcome] of rows)
    t.match(judge(raw, seen, more), [{ outcome }], `${JSON.stringify(raw)} ${seen} ${JSON.stringify(more)}`);
  t.match(judge({ latency: { lt: 5 } }, 'connected'), [
    { outcome: 'pass' },
    { property: 'latency', observed: '2' },
  ]);
  t.end();
});

await tap.test('addresses as people write them, and contradictions', (t) => {
  t.same(hostPort('tcp://db:5432'), { host: 'db', port: 5432 });
  t.same(hostPort('[fd00::1]:80'), { host: 'fd00::1', port: 80 });
  for (const bad of ['db', 'db:0', 'db:70000', 'fd00::1:80x', 'http://db:80', ':80'])
    t.equal(hostPort(bad), undefined, bad);
  for (const bad of [
    { addr: 'db' },
    { send: 'x' },
    { reachable: true, error: 'refused' },
    { reachable: false, latency: 1 },
    { error: 'refussed' },
    { control: 'udp://a:1' },
    { reachabel: true },
  ])
    t.notOk(addrSpec.safeParse({ addr: 'db:5432', ...bad }).success, JSON.stringify(bad));
  t.ok(addrSpec.safeParse({ addr: '${services.db.host}:${services.db.port}' }).success);
  t.end();
});
