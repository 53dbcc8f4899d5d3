import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { dummySettings } from '../../core/dummy-settings.ts';
import type { ConvergeResult, Provisioner } from '../../core/provisioner.ts';

const DummySettings = dummySettings('converge');
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
