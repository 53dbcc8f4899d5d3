import tap from 'tap';
import { check } from '../../test/sample-run.ts';
import { withNextStep } from './next-step.ts';

const on = { instance: 'web-debian-12' };
const failed = { id: 'bats.it-works', outcome: 'fail' } as const;

await tap.test('what did not pass has a command that runs it alone, below a hint of its own', async (t) => {
  const commands = 'galley verify web-debian-12 --check bats.it-works   |   galley login web-debian-12';
  t.equal(withNextStep(check(failed), on).hint, commands);
  t.equal(
    withNextStep(check({ ...failed, hint: 'raise the `timeout`' }), on).hint,
    `raise the \`timeout\`\n${commands}`,
  );
});

await tap.test('what cannot be chosen has it without --check, and what passed has none', async (t) => {
  const whole = 'galley verify web-debian-12   |   galley login web-debian-12';
  t.equal(withNextStep(check({ id: 'bats:run', outcome: 'error' }), on).hint, whole);
  t.equal(withNextStep(check(failed), { ...on, areGates: true }).hint, whole);
  t.equal(withNextStep(check({ id: 'bats.x', outcome: 'pass' }), on).hint, undefined);
});
