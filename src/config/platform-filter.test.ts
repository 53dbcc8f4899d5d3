import tap from 'tap';
import { platformFilter, rubyRegExp } from './platform-filter.ts';

await tap.test('a plain text is an exact name', async (t) => {
  t.ok(platformFilter('ubuntu-24.04')('ubuntu-24.04'));
  t.notOk(platformFilter('ubuntu')('ubuntu-24.04'));
  t.notOk(platformFilter('ubuntu.24.04')('ubuntu-24.04'));
});

await tap.test('a text between slashes is an unanchored Ruby expression with i and x', async (t) => {
  t.ok(platformFilter('/ubuntu/')('my-ubuntu-24.04'));
  t.notOk(platformFilter('/UBUNTU/')('ubuntu-24.04'));
  t.ok(platformFilter('/UBUNTU/i')('ubuntu-24.04'));
  t.notOk(platformFilter('/ ^ubuntu - (22|24) # two of them\n/x')('ubuntu-24.04'), 'a line end is no filter');
  t.ok(platformFilter('/ ^ubuntu - (22|24) /x')('ubuntu-24.04'));
  t.notOk(platformFilter('/ubuntu/m')('ubuntu'), 'unknown options make it a plain name');
});

await tap.test('Ruby syntax is translated', async (t) => {
  t.ok(rubyRegExp('\\Adebian-\\h+\\z').test('debian-12'));
  t.notOk(rubyRegExp('\\Abian').test('debian-12'));
  t.ok(rubyRegExp('[[:alpha:]]+-[[:digit:]]+').test('debian-12'));
  t.ok(rubyRegExp('(?i)DEBIAN').test('debian-12'));
  t.throws(() => rubyRegExp('('), SyntaxError);
});
