import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { TestSuite } from '../../src/core/test-suite.ts';
import { InspecSettings } from './settings.ts';

/** `verifier: inspec`: InSpec or Cinc Auditor as a process for each instance, with kitchen-inspec's settings. */
export function createInspecSuite(host: PluginHost): TestSuite<InspecSettings> {
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
