import tap from 'tap';
import { platformFilter } from './platform-filter.ts';

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
