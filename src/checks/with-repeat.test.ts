import tap from 'tap';
import type { CheckResult, Repeat } from '../core/check.ts';
import type { Probe } from '../core/verifier.ts';
import { type OneLook, withRepeat } from './with-repeat.ts';

/** Its looks give 1, 2, 3, … and it wants odd numbers. */
function counting(): OneLook<unknown, number> {
  let looks = 0;
  return {
    name: 'count',
    description: '',
    spec: undefined as never,
    title: () => '',
    needs: () => ({}),
    observe: async (_spec, { repeat }) => {
      if (repeat !== undefined) throw new Error('one look knows nothing of the others');
      looks += 1;
      if (looks === 7) throw new Error('gone');
      return looks;
    },
    judge: (_spec, n): CheckResult[] => [
      {
        property: 'n',
        outcome: n % 2 === 1 ? 'pass' : 'fail',
        expected: 'odd',
        observed: String(n),
        source: 'here',
      },
    ],
  };
}
const run = async (repeat: Repeat | undefined) => {
  const verifier = withRepeat(counting());
  const probe = { repeat, signal: new AbortController().signal } as Probe;
  return verifier.judge({}, await verifier.observe({}, probe));
};

await tap.test('one look is judged as ever, many are judged each and told together', async (t) => {
  t.match(await run(undefined), [{ property: 'n', outcome: 'pass', observed: '1' }]);
  const repeat = { times: 4, concurrency: 1, maxFailures: 1 };
  t.match(await run(repeat), [
    {
      property: 'repeat',
      outcome: 'fail',
      expected: 'at most 1 of 4 fail',
      observed: '2 of 4 fail: 1 × n 2, 1 × n 4',
      source: '4 runs, 1 at a time, via here',
      notes: ['first: run 2: n 2, expected odd', /^p50 /],
    },
  ]);
  t.match(await run({ ...repeat, maxFailures: 2 }), [{ outcome: 'pass' }]);
  await t.rejects(run({ ...repeat, times: 9 }), /gone/, 'could not look once: an error');
});
