import type { Endpoint, SshEndpoint } from '../../core/endpoint.ts';
import { GalleyError } from '../../core/errors.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { Transport } from '../../core/transport.ts';
import { SshSettings } from './settings.ts';

/** Commands and files over one ssh connection per instance: nothing on the machine but sshd, sh and tar. */
export function createSshTransport(host: Pick<PluginHost, 'env'>): Transport<SshSettings> {
  return {
    name: 'ssh',
    aliases: [],
    endpoints: ['ssh'],
    config: SshSettings,
    leadsBack: true,
    serviceAddress: (config) => config.service_address,
    async connect(ctx, endpoint) {
      const given = sshEndpoint(endpoint);
      const { connectSsh } = await import('./connect.ts');
      return connectSsh(host, ctx, given);
    },
    async forget(ctx) {
      const { forgetHostKeys } = await import('./known-hosts.ts');
      await forgetHostKeys(ctx.root, ctx.instance.name);
    },
    reach: (config, endpoint) => (endpoint.kind === 'ssh' ? withSettings(endpoint, config) : endpoint),
  };
}

/** What the user wrote wins over what the driver says. */
export function withSettings(endpoint: SshEndpoint, config: SshSettings): SshEndpoint {
  const { port, username, password } = config;
  const keyFile = config.ssh_key?.[0];
  return {
    ...endpoint,
    ...(port !== undefined && { port }),
    ...(username !== undefined && { username }),
    ...(keyFile !== undefined && { keyFile }),
    ...(password != null && { password }),
  };
}

function sshEndpoint(endpoint: Endpoint): SshEndpoint {
  if (endpoint.kind === 'ssh') return endpoint;
  throw new GalleyError({
    code: 'transport.wrong_endpoint',
    kind: 'config',
    message: `the ssh transport cannot reach a machine of kind ${endpoint.kind}`,
    hint: 'remove transport: name from the config; the driver knows its transport',
  });
}
