import type { Verifier } from '../../src/core/verifier.ts';
import { type CronFacts, judgeCron, selectorText } from './judge.ts';
import { type CronSpec, cronSpec } from './schema.ts';

export const cronVerifier: Verifier<CronSpec, CronFacts> = {
  name: 'cron',
  description: 'jobs in crontabs, /etc/cron.d, /etc/cron.daily … and systemd timers: schedule, user, command',
  spec: cronSpec,
  repeatable: false,
  title: (spec) => `cron ${selectorText(spec)}${spec.exists === false ? ' does not exist' : ''}`,
  needs: () => ({ cron: true }),
  async observe(_spec, { snapshot }) {
    const { cron, via } = snapshot;
    if (!cron) throw new Error('the jobs of cron were not read');
    return { jobs: cron, via };
  },
  judge: judgeCron,
};
