import { GalleyError } from '../../core/errors.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { Transport } from '../../core/transport.ts';
import { SsmSettings } from './settings.ts';

/** Commands and files through the agent of AWS Systems Manager: no open port, no key, no address. */
export function createSsmTransport(host: Pick<PluginHost, 'env'>): Transport<SsmSettings> {
  return {
    name: 'ssm',
    aliases: ['aws_ssm'],
    endpoints: ['ssm'],
    config: SsmSettings,
    serviceAddress: (config) => config.service_address,
    async connect(ctx, endpoint) {
      if (endpoint.kind === 'ssm') {
        const { connectSsm } = await import('./connect.ts');
        return connectSsm(host, ctx, endpoint);
      }
      throw new GalleyError({
        code: 'transport.wrong_endpoint',
        kind: 'config',
        message: `the ssm transport cannot reach a machine of kind ${endpoint.kind}`,
        hint: 'it reaches the machines of the driver ec2; remove transport: name from the config for others',
      });
    },
  };
}
