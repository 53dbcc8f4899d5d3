import tap from 'tap';
import { matchesAny } from './bounded-match.ts';

await tap.test('a pattern that backtracks for ever ends in an error', { timeout: 10_000 }, async (t) => {
  const text = `${'a'.repeat(60)}!`;
  t.throws(() => matchesAny(/^(a+)+$/, [text]), { code: 'check.slow_pattern' });
  t.throws(() => matchesAny(/^(?=(a+)+$)\1b/, [text]), { code: 'check.slow_pattern' });
  t.ok(matchesAny(/^(a+)+!$/m, ['b', text]), 'and the next one works');
  t.notOk(matchesAny(/a.*b.*c/, ['acb', '']));
  t.notOk(matchesAny(/x/, []));
});
