import tap from 'tap';
import { notPassed } from './not-passed.ts';

await tap.test('a single one and all of them are not told as a share', async (t) => {
  t.equal(notPassed('instance', 1, 1), '1 instance did not pass');
  t.equal(notPassed('check', 1, 1), '1 check did not pass');
  t.equal(notPassed('check', 1, 3), '1 of 3 checks did not pass');
  t.equal(notPassed('instance', 4, 4), 'none of 4 instances passed');
});
