import tap from 'tap';
import { rubyRegExp } from './ruby-regexp.ts';

await tap.test('Ruby syntax is translated', async (t) => {
  t.ok(rubyRegExp('\\Adebian-\\h+\\z').test('debian-12'));
  t.notOk(rubyRegExp('\\Abian').test('debian-12'));
  t.ok(rubyRegExp('[[:alpha:]]+-[[:digit:]]+').test('debian-12'));
  t.ok(rubyRegExp('(?i)DEBIAN').test('debian-12'));
  t.throws(() => rubyRegExp('('), SyntaxError);
});
