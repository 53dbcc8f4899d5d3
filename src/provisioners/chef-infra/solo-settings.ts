import { z } from 'zod';
import { unneeded, unsupported } from '../../core/option-status.ts';
import { orDefault } from '../../core/option-values.ts';
import { ChefInfraSettings } from './settings.ts';

const { client_rb, ...shared } = ChefInfraSettings.shape;

const noServer = unneeded('solo starts no server of its own address');

/** Settings of `chef_solo`: those of `chef_infra`, with the peer's own names for configuration and program. */
export const ChefSoloSettings = z.strictObject({
  ...shared,
  solo_rb: client_rb.describe('settings of solo.rb, over the generated ones'),
  chef_solo_path: z.string().nullish().describe("solo on the instance, instead of the driver's"),
  legacy_mode: orDefault(z.boolean(), false).describe(
    'true: without a local server, so without search and without a kept node object',
  ),
  client_rb: unsupported('write `solo_rb`'),
  chef_client_path: unsupported('write `chef_solo_path`'),
  chef_zero_host: noServer,
  chef_zero_port: noServer,
});
export type ChefSoloSettings = z.output<typeof ChefSoloSettings>;
