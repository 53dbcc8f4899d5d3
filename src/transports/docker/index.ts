import { z } from 'zod';
import { GalleyError } from '../../core/errors.ts';
import type { Transport } from '../../core/transport.ts';

/** Strict, but for what kitchen-dokken and kitchen-docker allow here and the engine's API makes unnecessary. */
const UNNEEDED = [
  'docker_host_url',
  'docker_info',
  'read_timeout',
  'write_timeout',
  'docker',
  'host_ip_override',
  'binary',
  'socket',
  'tls',
  'tls_verify',
  'tls_cacert',
  'tls_cert',
  'tls_key',
  'use_sudo',
  'sudo_command',
  'temp_dir',
  'username',
] as const;

const config = z.strictObject({
  /** Shell command line of `galley login`; default bash or sh as login shell. */
  login_command: z.string().optional().describe('what `galley login` runs, default a login shell'),
  /** Folder in which commands run; default the image's. */
  working_dir: z.string().startsWith('/').optional().describe('folder in which commands run'),
  ...Object.fromEntries(UNNEEDED.map((key) => [key, z.unknown().optional()])),
});
export interface DockerTransportConfig {
  readonly login_command?: string | undefined;
  readonly working_dir?: string | undefined;
}

export interface DockerTransportHost {
  /** Where certificates and the address of the engine come from; the process's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Commands and files through the engine's API: no sshd, no bind mounts, so a remote engine works the same. */
export function createDockerTransport(host: DockerTransportHost): Transport<DockerTransportConfig> {
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
