import type { TestSuite } from '../../src/core/test-suite.ts';
import type { SuiteHost } from '../../src/suites/suite-host.ts';
import { InspecSettings } from './settings.ts';

/** `verifier: inspec`: InSpec or Cinc Auditor as a process for each instance, with kitchen-inspec's settings. */
export function createInspecSuite(host: SuiteHost): TestSuite<InspecSettings> {
  return {
    name: 'inspec',
    aliases: ['cinc_auditor'],
    config: InspecSettings,
    async prepare(ctx) {
      const { prepareInspec } = await import('./run.ts');
      prepareInspec(ctx, host);
    },
    async run(ctx, input) {
      const { runInspec } = await import('./run.ts');
      return runInspec(ctx, input, host);
    },
  };
}
