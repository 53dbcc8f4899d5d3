import tap from 'tap';
import { type CapabilityWish, judgeCapabilities, judgeDisk, judgeTool } from './judge.ts';

const wish = (change: Partial<CapabilityWish>): CapabilityWish => ({
  instance: 'a',
  usesSystemd: false,
  privileged: false,
  capAdd: [],
  ...change,
});

await tap.test('a capability matters only when it is asked for', async (t) => {
  t.match(judgeCapabilities([], [wish({ privileged: true })]), [{ status: 'ok' }]);
  t.match(judgeCapabilities(['SYS_MODULE'], [wish({ usesSystemd: true })]), [{ status: 'ok' }]);
  t.match(judgeCapabilities(['SYS_MODULE'], [wish({ privileged: true })]), [
    { status: 'fail', message: /a wants privileged, which needs SYS_MODULE/, fix: /cap_add/ },
  ]);
  t.match(judgeCapabilities(['SYS_MODULE'], [wish({ capAdd: ['cap_sys_module'] })]), [{ status: 'fail' }]);
  t.match(judgeCapabilities(['SYS_ADMIN'], [wish({ usesSystemd: true })]), [
    { status: 'fail', fix: /init: none/ },
  ]);
  t.match(judgeCapabilities(['SYS_PTRACE'], [wish({})]), [{ status: 'warn' }]);
});

await tap.test('little space is a warning, next to none a failure', async (t) => {
  t.equal(judgeDisk('d', '/x', 50e9).status, 'ok');
  t.equal(judgeDisk('d', '/x', 1e9).status, 'warn');
  t.equal(judgeDisk('d', '/x', 1e7).status, 'fail');
});

await tap.test('a missing tool fails only where its file decides', async (t) => {
  t.equal(judgeTool('Berksfile', 'berks', '/bin/berks', true, '').status, 'ok');
  t.equal(judgeTool('Berksfile', 'berks', undefined, false, '').status, 'warn');
  t.match(judgeTool('Berksfile', 'berks', undefined, true, 'gem install berkshelf'), {
    status: 'fail',
    fix: /gem install berkshelf/,
  });
});
