import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { TestSuite } from '../../src/core/test-suite.ts';
import { TestinfraSettings } from './settings.ts';

/** `verifier: testinfra`: pytest with testinfra on the caller's machine, against the instance. */
export function createTestinfraSuite(host: PluginHost): TestSuite<TestinfraSettings> {
  return {
    name: 'testinfra',
    aliases: ['pytest-testinfra', 'pytest_testinfra'],
    config: TestinfraSettings,
    async prepare(ctx) {
      const { prepareTestinfra } = await import('./run.ts');
      await prepareTestinfra(ctx, host);
    },
    async run(ctx, input) {
      const { runTestinfra } = await import('./run.ts');
      return runTestinfra(ctx, input, host);
    },
  };
}
