import type { PluginHost } from '../../core/plugin-host.ts';
import type { Provisioner } from '../../core/provisioner.ts';
import { ShellSettings } from './settings.ts';

/** Converges with a script or a command. */
export function createShell(host: PluginHost): Provisioner<ShellSettings> {
  return {
    name: 'shell',
    aliases: [],
    needsClient: () => false,
    config: ShellSettings,
    async prepare(ctx) {
      const { planShell } = await import('./plan.ts');
      await planShell(ctx.root, ctx.instance.suite, ctx.config);
    },
    async fingerprint(ctx) {
      const { planShell } = await import('./plan.ts');
      const { files } = await planShell(ctx.root, ctx.instance.suite, ctx.config);
      const { sha256 } = await import('../../local/local-files.ts');
      return sha256(JSON.stringify(files.map((file) => [file.path, file.mode, file.sha256])));
    },
    async converge(ctx, input) {
      const { convergeShell } = await import('./converge.ts');
      return convergeShell(ctx, input, host);
    },
  };
}
