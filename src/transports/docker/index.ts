import { z } from 'zod';
import { GalleyError } from '../../core/errors.ts';
import { unneeded } from '../../core/option-status.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { Transport } from '../../core/transport.ts';

/** What kitchen-dokken and kitchen-docker allow here and the engine's API makes unnecessary. */
const UNNEEDED: Readonly<Record<string, string>> = {
  binary: 'the engine is used through its API, not through the docker command',
  docker: 'the engine is used through its API, not through the docker command',
  docker_host_url: 'the driver names the engine',
  docker_info: 'the engine is asked when it is needed',
  host_ip_override: 'ports are reached through 127.0.0.1',
  read_timeout: 'limits are set per phase',
  socket: 'the driver names the engine',
  sudo_command: 'use a group or a rootless engine instead of sudo',
  temp_dir: 'commands need no file on the instance',
  tls: 'TLS is taken from DOCKER_TLS_VERIFY and DOCKER_CERT_PATH or the docker context',
  tls_cacert: 'TLS is taken from DOCKER_CERT_PATH or the docker context',
  tls_cert: 'TLS is taken from DOCKER_CERT_PATH or the docker context',
  tls_key: 'TLS is taken from DOCKER_CERT_PATH or the docker context',
  tls_verify: 'TLS is taken from DOCKER_TLS_VERIFY or the docker context',
  use_sudo: 'use a group or a rootless engine instead of sudo',
  username: 'commands run as root unless a check says otherwise',
  write_timeout: 'limits are set per phase',
};

const config = z.strictObject({
  login_command: z
    .string()
    .optional()
    .describe('shell command line of `galley login`; default: bash or sh as login shell'),
  working_dir: z
    .string()
    .startsWith('/')
    .optional()
    .describe("folder in which commands run; default: the image's"),
  ...Object.fromEntries(Object.entries(UNNEEDED).map(([key, why]) => [key, unneeded(why)])),
});
export interface DockerTransportConfig {
  readonly login_command?: string | undefined;
  readonly working_dir?: string | undefined;
}

/** Commands and files through the engine's API: no sshd, no bind mounts, so a remote engine works the same. */
export function createDockerTransport(host: Pick<PluginHost, 'env'>): Transport<DockerTransportConfig> {
  return {
    name: 'docker',
    aliases: ['dokken'],
    endpoints: ['docker'],
    config,
    async connect(ctx, endpoint) {
      if (endpoint.kind !== 'docker') {
        throw new GalleyError({
          code: 'transport.wrong_endpoint',
          kind: 'config',
          message: `the docker transport cannot reach a machine of kind ${endpoint.kind}`,
          hint: 'remove transport: name from the config; the driver knows its transport',
        });
      }
      const { connectDocker } = await import('./connect.ts');
      return connectDocker(host, ctx, endpoint);
    },
  };
}
