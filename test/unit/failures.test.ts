import tap from 'tap';
import { failures } from './failures.ts';

await tap.test('failed assertions are told with their details, others are left out', async (t) => {
  const text = [
    '# Subtest: a',
    '    ok 1 - fine',
    '    not ok 2 - no',
    '      ---',
    '      diff: x',
    '      ...',
    '    ',
    '    ok 3 - fine',
    'not ok 1 - a',
    '# { total: 2, fail: 1 }',
  ].join('\n');
  t.equal(failures(text), '    not ok 2 - no\n      ---\n      diff: x\n      ...\nnot ok 1 - a');
});

await tap.test('what ends without a failed assertion is told by its last lines', async (t) => {
  t.equal(failures('ok 1\nSegmentation fault\n'), 'ok 1\nSegmentation fault');
});
