import tap from 'tap';
import type { SysctlFact } from '../../src/core/system-facts.ts';
import { judgeSysctl } from './judge.ts';
import { sysctlSpec } from './schema.ts';

const judge = (raw: object, fact: Partial<SysctlFact>) =>
  judgeSysctl(sysctlSpec.parse({ sysctl: 'vm.swappiness', ...raw }), {
    fact: { name: 'vm/swappiness', exists: true, siblings: ['swappiness'], ...fact },
    via: 'exec',
  });

await tap.test('an unreadable parameter is an error, whatever is expected', (t) => {
  const denied = { exists: true, error: 'Permission denied' };
  for (const raw of [{ value: 1 }, { value: { not: '1' } }, { exists: false }, { exists: true }])
    t.match(judge(raw, denied), [{ outcome: 'error', observed: /Permission denied/ }]);
  t.match(judge({ value: { not: 1 } }, { exists: false }), [
    { outcome: 'error', notes: [/swappiness/, /exists: false/] },
  ]);
  t.match(judge({ value: { lte: 10 } }, { value: '60' }), [{ outcome: 'fail', notes: [/to number/] }]);
  t.match(judge({ value: 60, exists: true }, { value: '60' }), [{ outcome: 'pass' }, { outcome: 'pass' }]);
  t.end();
});

await tap.test('names that are no parameter, and a check without anything to check, are refused', (t) => {
  for (const bad of [
    {},
    { sysctl: 'x', value: 1 },
    { sysctl: 'net.../x', value: 1 },
    { sysctl: 'net.*.x', value: 1 },
    { sysctl: '../../etc/passwd', value: 1 },
    { exists: false, value: 1 },
  ])
    t.notOk(sysctlSpec.safeParse({ sysctl: 'vm.swappiness', ...bad }).success, JSON.stringify(bad));
  t.end();
});
