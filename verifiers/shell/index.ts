import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { TestSuite } from '../../src/core/test-suite.ts';
import { ShellSettings } from './settings.ts';

/** `verifier: shell`: a command of the user's is the test, as in Test Kitchen. */
export function createShellSuite(host: PluginHost): TestSuite<ShellSettings> {
  return {
    name: 'shell',
    aliases: [],
    config: ShellSettings,
    prepare: async () => {},
    async run(ctx, input) {
      const { runShell } = await import('./run.ts');
      return runShell(ctx, input, host);
    },
  };
}
