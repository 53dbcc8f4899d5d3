import tap from 'tap';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { SuiteInput } from '../../src/core/test-suite.ts';
import { type DummySettings, dummySuite } from './index.ts';

const run = async (settings: object) => {
  const ctx = { config: dummySuite.config.parse(settings), signal: new AbortController().signal };
  return dummySuite.run(ctx as ActionContext<DummySettings>, {} as SuiteInput);
};

await tap.test('the dummy claims to have verified nothing, and fails when told to', async (t) => {
  t.match(await run({ sudo: true }), [{ id: 'dummy.dummy', outcome: 'skip' }]);
  t.match(await run({ fail: true }), [{ outcome: 'fail', results: [{ observed: 'it was told to fail' }] }]);
  const outcomes = new Set<string>();
  while (outcomes.size < 2)
    for (const one of await run({ random_failure: true, sleep: null })) outcomes.add(one.outcome);
  t.same([...outcomes].toSorted(), ['fail', 'skip']);
});

await tap.test('a sleep ends with the run', async (t) => {
  const stop = new AbortController();
  const ctx = { config: dummySuite.config.parse({ sleep: 600 }), signal: stop.signal };
  const running = dummySuite.run(ctx as ActionContext<DummySettings>, {} as SuiteInput);
  stop.abort();
  await t.rejects(running, { name: 'AbortError' });
});
