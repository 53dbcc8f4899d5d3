import tap from 'tap';
import { matchesAny } from './bounded-match.ts';

await tap.test('a pattern that backtracks for ever ends in an error', async (t) => {
  const text = `${'a'.repeat(60)}!`;
  t.throws(() => matchesAny(/^(a+)+$/, [text], 100), {
    code: 'check.slow_pattern',
    message: /longer than 0.1 s/,
  });
  t.throws(() => matchesAny(/^(?=(a+)+$)\1b/, [text], 100), { code: 'check.slow_pattern' });
  t.ok(matchesAny(/^(a+)+!$/m, ['b', text]), 'and the next one works');
  t.notOk(matchesAny(/a.*b.*c/, ['acb', '']));
  t.notOk(matchesAny(/x/, []));
});
