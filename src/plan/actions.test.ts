import tap from 'tap';
import { actionsFor, shouldDestroy, stagesTo } from './actions.ts';

await tap.test('a fresh instance goes through every stage up to the desired one', async (t) => {
  t.same(stagesTo(undefined, 'create'), ['create']);
  t.same(stagesTo(undefined, 'verify'), ['create', 'converge', 'setup', 'verify']);
  t.same(stagesTo('create', 'verify'), ['converge', 'setup', 'verify']);
});

await tap.test('a stage that is already reached is run again, alone', async (t) => {
  t.same(stagesTo('verify', 'converge'), ['converge']);
  t.same(stagesTo('converge', 'converge'), ['converge']);
});

await tap.test('a stage can be gone through again with all that follow it', async (t) => {
  t.same(actionsFor('verify', 'verify', 'converge'), ['converge', 'setup', 'verify']);
  t.same(actionsFor('setup', 'verify', 'converge'), ['converge', 'setup']);
  t.same(actionsFor('verify', 'setup', 'verify'), ['verify']);
  t.same(actionsFor('verify', 'create', 'verify'), ['converge', 'setup', 'verify']);
  t.same(actionsFor('verify', undefined, 'converge'), ['create', 'converge', 'setup', 'verify']);
});

await tap.test('test starts with destroy, whatever the state', async (t) => {
  t.same(actionsFor('test', 'verify'), ['destroy', 'create', 'converge', 'setup', 'verify']);
  t.same(actionsFor('destroy', undefined), ['destroy']);
});

await tap.test('the destroy policy decides by outcome', async (t) => {
  t.equal(shouldDestroy('passing', 'passed'), true);
  t.equal(shouldDestroy('passing', 'failed'), false);
  t.equal(shouldDestroy('passing', 'cancelled'), false);
  t.equal(shouldDestroy('always', 'cancelled'), true);
  t.equal(shouldDestroy('never', 'passed'), false);
});
