import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { TestSuite } from '../../src/core/test-suite.ts';
import { GossSettings } from './settings.ts';

/** `verifier: goss`: goss on the instance, with kitchen-goss' settings. */
export function createGossSuite(host: PluginHost): TestSuite<GossSettings> {
  return {
    name: 'goss',
    aliases: [],
    config: GossSettings,
    async prepare(ctx) {
      const { prepareGoss } = await import('./run.ts');
      await prepareGoss(ctx);
    },
    async run(ctx, input) {
      const { runGoss } = await import('./run.ts');
      return runGoss(ctx, input, host);
    },
  };
}
