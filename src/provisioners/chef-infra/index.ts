import type { Provisioner } from '../../core/provisioner.ts';
import type { ProvisionerHost } from '../host.ts';
import { ChefInfraSettings } from './settings.ts';

/**
 * Converges with Chef Infra Client or Cinc Client in local mode. `chef_solo` of existing configs is not an alias:
 * solo has no search and no node object in its legacy mode, and its own keys (`solo_rb`, `chef_solo_path`).
 */
export function createChefInfra(host: ProvisionerHost): Provisioner<ChefInfraSettings> {
  return {
    name: 'chef_infra',
    aliases: ['chef_zero', 'cinc_infra', 'dokken'],
    needsClient: (config) => !config.chef_client_path,
    config: ChefInfraSettings,
    async prepare(ctx) {
      const { prepareChef } = await import('./prepare.ts');
      await prepareChef(ctx, host);
    },
    async converge(ctx, input) {
      const { prepareChef } = await import('./prepare.ts');
      const { convergeChef } = await import('./converge.ts');
      // Nothing is kept between the two calls: resolved cookbooks come from `ctx.once`, the rest is listed again.
      return convergeChef(ctx, input, await prepareChef(ctx, host), host);
    },
  };
}
