import tap from 'tap';
import type { ErrorKind } from '../core/errors.ts';
import type { InstanceSummary } from '../core/events.ts';
import { exitCodeOf } from './exit-codes.ts';

const failed = (kind: ErrorKind): InstanceSummary => ({
  instance: kind,
  outcome: 'failed',
  phases: [],
  slowest: [],
  error: { code: 'x.y', kind, message: '' },
});
const passed: InstanceSummary = { instance: 'p', outcome: 'passed', phases: [], slowest: [] };

await tap.test(
  'trap: a failure is always 20 there; here each kind has its own code, and all passed is 0',
  async (t) => {
    t.equal(exitCodeOf([passed]), 0);
    t.equal(exitCodeOf([failed('config')]), 2);
    t.equal(exitCodeOf([failed('infrastructure')]), 3);
    t.equal(exitCodeOf([failed('converge')]), 4);
    t.equal(exitCodeOf([passed, failed('verify')]), 5);
    t.equal(exitCodeOf([passed, failed('idempotency')]), 6);
    t.equal(exitCodeOf([failed('cancelled')]), 130);
  },
);

await tap.test('of several failures the one earliest in the way decides', async (t) => {
  t.equal(exitCodeOf([failed('verify'), failed('infrastructure')]), 3);
  t.equal(exitCodeOf([failed('verify'), failed('converge')]), 4);
  t.equal(exitCodeOf([failed('verify'), failed('internal')]), 1);
  t.equal(exitCodeOf([failed('verify'), failed('idempotency')]), 6);
  t.equal(exitCodeOf([failed('cancelled'), failed('verify')]), 5, 'cancelled by --fail-fast');
});
