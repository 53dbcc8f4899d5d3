import tap from 'tap';
import { SelfTriggers } from './self-triggers.ts';

await tap.test('three runs in a row that the run before is the reason of are told, once', async (t) => {
  const triggers = new SelfTriggers();
  const told = (file: string, duringRun: boolean) => triggers.warning([file], duringRun) !== undefined;
  t.same([told('a', true), told('a', true), told('a', true), told('a', true)], [false, false, true, false]);
  t.same(
    [told('a', false), told('a', true), told('a', true), told('b', true), told('a', true)],
    [false, false, false, false, false],
  );
});
