import { EC2InstanceConnectClient, SendSSHPublicKeyCommand } from '@aws-sdk/client-ec2-instance-connect';
import { isLocalhost } from '../../src/core/loopback.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { clientConfig } from './account.ts';
import type { Ec2Config } from './config.ts';
import { toEc2Error } from './errors.ts';
import type { Ec2Machine } from './record.ts';

type Connection = Pick<Ec2Config, 'attempts' | 'proxy' | 'verifiesTls'>;

const clients = new WeakMap<PluginHost, Map<string, Promise<EC2InstanceConnectClient>>>();

/** Lets a key in for 60 seconds (EC2 Instance Connect API, SendSSHPublicKey). `key`: a line of authorized_keys. */
export async function sendKey(
  host: PluginHost,
  machine: Pick<Ec2Machine, 'instanceId' | 'region' | 'profile' | 'endpoint'>,
  key: { readonly line: string; readonly username: string },
  config: Connection,
): Promise<void> {
  const { instanceId, region, profile } = machine;
  const endpoint = serviceUrl(host.env, machine.endpoint);
  const at = { region, profile, endpoint };
  const client = await clientFor(host, at, config);
  try {
    await client.send(
      new SendSSHPublicKeyCommand({
        InstanceId: instanceId,
        InstanceOSUser: key.username,
        SSHPublicKey: key.line,
      }),
    );
  } catch (error) {
    const operation = 'ec2-instance-connect:SendSSHPublicKey';
    throw toEc2Error(error, { operation, doing: `have ${key.username} let in to ${instanceId}`, ...at });
  }
}

/** One for a place and a process, like the sessions. */
function clientFor(
  host: PluginHost,
  at: {
    readonly region: string;
    readonly profile: string | undefined;
    readonly endpoint: string | undefined;
  },
  config: Connection,
): Promise<EC2InstanceConnectClient> {
  const known = clients.get(host) ?? new Map<string, Promise<EC2InstanceConnectClient>>();
  clients.set(host, known);
  const key = JSON.stringify(at);
  const client =
    known.get(key) ??
    clientConfig(at, config, host.env).then((settings) => new EC2InstanceConnectClient(settings as never));
  known.set(key, client);
  return client;
}

/** The service has an address of its own: EC2's serves it only where all of AWS is on this machine. */
export function serviceUrl(env: PluginHost['env'], endpoint: string | undefined): string | undefined {
  const own = env['AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT'] ?? env['AWS_ENDPOINT_URL'];
  if (own !== undefined) return own;
  return endpoint !== undefined && isLocalhost(new URL(endpoint).hostname) ? endpoint : undefined;
}
