import tap from 'tap';
import { STAGES } from '../core/instance.ts';
import { actionsFor, type Verb } from './actions.ts';
import { type LegsQuestion, legsFor, type Reached } from './legs.ts';

const STEPS = ['v1', 'v2'];

function way(verb: Verb, reached: Reached, more: Partial<LegsQuestion> = {}): readonly string[] {
  const legs = legsFor({ verb, instance: 'up-debian-12', steps: STEPS, reached, ...more });
  return legs.map((leg) => (leg.step === undefined ? leg.action : `${leg.action} ${leg.step}`));
}

await tap.test('without steps it is Test Kitchen’s way, also when an earlier config had some', async (t) => {
  for (const verb of [...STAGES, 'test', 'destroy'] as const) {
    for (const last of [undefined, ...STAGES]) {
      const legs = way(verb, { lastAction: last, step: 'old' }, { steps: [] });
      t.same(legs, actionsFor(verb, last), `${verb} from ${last ?? 'nothing'}`);
      for (const again of STAGES) {
        const once = way(verb, { lastAction: last }, { steps: [], again });
        t.same(once, actionsFor(verb, last, again), `${verb} from ${last ?? 'nothing'}, ${again} again`);
      }
    }
  }
});

await tap.test('each step is converged and verified before the next one begins', async (t) => {
  const whole = ['create', 'converge v1', 'setup v1', 'verify v1', 'converge v2', 'setup v2', 'verify v2'];
  t.same(way('verify', {}), whole);
  t.same(way('converge', {}), whole.slice(0, 5), 'up to the last step, earlier ones verified');
  t.same(way('test', { lastAction: 'verify', step: 'v2' }), ['destroy', ...whole]);
  t.same(way('test', {}, { goal: 'converge' }), ['destroy', ...whole.slice(0, 5)]);
  t.same(way('create', {}), ['create']);
  t.same(way('destroy', { lastAction: 'verify', step: 'v1' }), ['destroy']);
});

await tap.test('a repeated command goes on where the last one ended', async (t) => {
  t.same(way('verify', { lastAction: 'create' })[0], 'converge v1');
  t.same(way('verify', { lastAction: 'converge', step: 'v1' })[0], 'setup v1');
  t.same(way('converge', { lastAction: 'verify', step: 'v1' }), ['converge v2']);
  t.same(way('converge', { lastAction: 'verify', step: 'v2' }), ['converge v2'], 'again, alone');
  t.same(way('verify', { lastAction: 'verify', step: 'v2' }), ['verify v2']);
  t.same(way('verify', { lastAction: 'converge', step: 'v2' }), ['setup v2', 'verify v2']);
});

await tap.test('a step to stop at', async (t) => {
  const until = { until: 'v1' };
  t.same(way('converge', {}, until), ['create', 'converge v1']);
  t.same(way('test', {}, until), ['destroy', 'create', 'converge v1', 'setup v1', 'verify v1']);
  t.same(way('converge', { lastAction: 'verify', step: 'v1' }, until), ['converge v1']);
  for (const verb of ['converge', 'verify'] as const) {
    const reached = { lastAction: 'converge', step: 'v2' } as const;
    t.throws(() => way(verb, reached, until), {
      code: 'state.step_passed',
      message: /is at step v2 already/,
    });
  }
});

await tap.test('a stage that is gone through again belongs to the step that was reached', async (t) => {
  const again = { again: 'converge' } as const;
  t.same(way('verify', { lastAction: 'verify', step: 'v2' }, again), [
    'converge v2',
    'setup v2',
    'verify v2',
  ]);
  t.same(way('verify', { lastAction: 'verify', step: 'v1' }, again)[0], 'converge v1');
  t.same(way('verify', { lastAction: 'create' }, again)[0], 'converge v1');
});

await tap.test('a state that the steps do not lead to is not guessed at', async (t) => {
  t.throws(() => way('verify', { lastAction: 'verify' }), {
    code: 'state.unknown_step',
    message: /was converged without steps/,
  });
  t.throws(() => way('verify', { lastAction: 'setup', step: 'v0' }), { message: /was converged at step v0/ });
  t.same(way('test', { lastAction: 'verify', step: 'v0' }).length, 8, '`test` starts over');
});
