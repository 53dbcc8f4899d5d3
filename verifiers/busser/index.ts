import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { TestSuite } from '../../src/core/test-suite.ts';
import { BusserSettings } from './settings.ts';

/** `verifier: busser`: folders of Bats, serverspec, RSpec and shell tests that run on the instance, as in Test Kitchen. */
export function createBusserSuite(host: PluginHost): TestSuite<BusserSettings> {
  return {
    name: 'busser',
    aliases: [],
    config: BusserSettings,
    async prepare(ctx) {
      const { prepareBusser } = await import('./run.ts');
      await prepareBusser(ctx, host);
    },
    async run(ctx, input) {
      const { runBusser } = await import('./run.ts');
      return runBusser(ctx, input, host);
    },
  };
}
