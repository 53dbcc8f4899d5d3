import type { PluginHost } from '../../core/plugin-host.ts';
import type { Provisioner } from '../../core/provisioner.ts';
import { ChefInfraSettings } from './settings.ts';

/** Converges with Chef Infra Client or Cinc Client in local mode. */
export function createChefInfra(host: PluginHost): Provisioner<ChefInfraSettings> {
  return {
    name: 'chef_infra',
    aliases: ['chef_zero', 'cinc_infra', 'dokken'],
    needsClient: (config) => !config.chef_client_path,
    config: ChefInfraSettings,
    async prepare(ctx) {
      const { prepareChef } = await import('./prepare.ts');
      await prepareChef(ctx, host);
    },
    async fingerprint(ctx) {
      const { fingerprintChef } = await import('./fingerprint.ts');
      return fingerprintChef(ctx, host);
    },
    async converge(ctx, input) {
      const { prepareChef } = await import('./prepare.ts');
      const { convergeChef } = await import('./converge.ts');
      // Nothing is kept between the two calls: resolved cookbooks come from `ctx.once`, the rest is listed again.
      return convergeChef(ctx, input, await prepareChef(ctx, host), host);
    },
  };
}
