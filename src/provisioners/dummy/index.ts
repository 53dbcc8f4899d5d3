import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { orDefault } from '../../core/option-values.ts';
import type { ConvergeResult, Provisioner } from '../../core/provisioner.ts';

const DummySettings = z.looseObject({
  sleep: orDefault(z.number().min(0), 0).describe('seconds that a converge takes; default: 0'),
  fail: orDefault(z.boolean(), false).describe('true: every converge fails'),
  random_failure: orDefault(z.boolean(), false).describe('true: every second one fails, on average'),
});
export type DummySettings = z.output<typeof DummySettings>;

/** Does nothing, in a given time, and fails when told to. For trying out everything around a converge. */
export const dummyProvisioner: Provisioner<DummySettings> = {
  name: 'dummy',
  aliases: [],
  needsClient: () => false,
  config: DummySettings,
  async prepare() {},
  fingerprint: async () => '',
  async converge(ctx): Promise<ConvergeResult> {
    const { sleep: seconds, fail, random_failure: random } = ctx.config;
    const started = performance.now();
    await sleep(seconds * 1000, undefined, { signal: ctx.signal });
    const base = { resources: [], total: 0, updated: 0, clientMs: performance.now() - started };
    if (!fail && !(random && Math.random() < 0.5)) return { outcome: 'passed', ...base };
    return {
      outcome: 'failed',
      ...base,
      error: {
        code: 'dummy.converge_failed',
        kind: 'converge',
        message: fail ? 'the dummy provisioner was told to fail' : 'the dummy provisioner failed at random',
      },
    };
  },
};
