import type { ActionContext } from '../../core/action-context.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { Provisioner } from '../../core/provisioner.ts';
import { SettingsError } from '../settings-error.ts';
import { ownBinary } from './client-binary.ts';
import { createChefInfra } from './index.ts';
import type { ChefInfraSettings } from './settings.ts';
import { ChefSoloSettings } from './solo-settings.ts';

/**
 * Converges with chef-solo or cinc-solo: as the client in local mode, or with `legacy_mode: true` without any server,
 * so without search and without a node object that is kept (kitchen-omnibus-chef, lib/kitchen/provisioner/chef_solo.rb).
 * All else is `chef_infra`'s.
 */
export function createChefSolo(host: PluginHost): Provisioner<ChefSoloSettings> {
  const client = createChefInfra(host);
  return {
    name: 'chef_solo',
    aliases: ['cinc_solo'],
    needsClient: (config) => ownBinary(config.chef_solo_path) === undefined,
    config: ChefSoloSettings,
    async prepare(ctx) {
      const adapted = asClient(ctx);
      if (ctx.config.legacy_mode) await refusePolicy(adapted);
      await client.prepare?.(adapted);
    },
    converge: (ctx, input) => client.converge(asClient(ctx), input),
  };
}

function asClient(ctx: ActionContext<ChefSoloSettings>): ActionContext<ChefInfraSettings> {
  const { solo_rb, chef_solo_path, legacy_mode, ...shared } = ctx.config;
  const config: ChefInfraSettings = {
    ...shared,
    client_rb: solo_rb,
    chef_client_path: ownBinary(chef_solo_path),
    chef_zero_host: undefined,
    chef_zero_port: undefined,
    solo: { legacy: legacy_mode },
  };
  return { ...ctx, config };
}

async function refusePolicy(ctx: ActionContext<ChefInfraSettings>): Promise<void> {
  const { findCookbookSource } = await import('./cookbook-source.ts');
  const source = findCookbookSource(ctx.root, ctx.config);
  if (source.kind !== 'policyfile') return;
  throw new SettingsError(
    {
      code: 'chef.solo_has_no_policy',
      kind: 'config',
      message: `chef-solo in legacy mode reads no policies, and ${source.file} is one`,
      hint: 'remove `legacy_mode`, or name vendored cookbooks with `cookbook_paths`',
    },
    ['legacy_mode'],
  );
}
