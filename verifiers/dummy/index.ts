import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { dummySettings } from '../../src/core/dummy-settings.ts';
import type { TestSuite } from '../../src/core/test-suite.ts';
import { reportsOf } from '../../src/suites/report.ts';

const DummySettings = dummySettings('verify');
export type DummySettings = z.output<typeof DummySettings>;

/**
 * `verifier: dummy` of Test Kitchen: looks at nothing, in a given time, and fails when told to. Its report is a skip, so
 * that no count says something was verified.
 */
export const dummySuite: TestSuite<DummySettings> = {
  name: 'dummy',
  aliases: [],
  testsNothing: true,
  config: DummySettings,
  prepare: async () => {},
  async run(ctx) {
    const { sleep: seconds, fail, random_failure: random } = ctx.config;
    const started = performance.now();
    await sleep(seconds * 1000, undefined, { signal: ctx.signal });
    const hasFailed = fail || (random && Math.random() < 0.5);
    const expected = 'nothing: the verifier is named dummy';
    const durationMs = performance.now() - started;
    const base = { title: 'dummy', expected, durationMs };
    return reportsOf('dummy', [
      hasFailed
        ? { ...base, outcome: 'fail', observed: fail ? 'it was told to fail' : 'it failed at random' }
        : { ...base, outcome: 'skip', observed: 'nothing was looked at' },
    ]);
  },
};
