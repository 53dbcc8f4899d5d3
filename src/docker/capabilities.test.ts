import tap from 'tap';
import { CAPABILITIES, missingFrom } from './capabilities.ts';

await tap.test('a full bounding set lacks nothing, also on kernels with fewer capabilities', async (t) => {
  t.strictSame(missingFrom('CapBnd:\t000001ffffffffff\n'), []);
  t.strictSame(missingFrom('CapBnd:\t0000003fffffffff\n'), []);
});

await tap.test('a cleared bit is named', async (t) => {
  t.strictSame(missingFrom('Name:\tdockerd\nCapBnd:\t000001fffeffffff\n'), ['SYS_RESOURCE']);
  t.equal(CAPABILITIES.indexOf('SYS_PTRACE'), 19);
  t.equal(CAPABILITIES.length, 41);
});
