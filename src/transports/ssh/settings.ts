import { z } from 'zod';
import { unneeded } from '../../core/option-status.ts';
import { serviceAddress } from '../service-address.ts';

const port = z.coerce.number().int().min(1).max(65_535);
const seconds = z.coerce.number().nonnegative();
const count = z.coerce.number().int().nonnegative();
const paths = z.union([
  z
    .string()
    .min(1)
    .transform((path) => [path]),
  z.array(z.string().min(1)),
]);
const text = z.string().min(1);

/** `SHA256:` and the unpadded base64 of the digest, as ssh-keygen -l prints it. */
const fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, {
  error: 'is not a fingerprint: write SHA256:…, as ssh-keygen -l prints it',
});

/** How to reach a machine by ssh. Names and defaults are those of Test Kitchen's ssh transport where it has them. */
export const SshSettings = z.strictObject({
  port: port.optional().describe('default: what the driver says, else 22'),
  username: text.optional().describe('default: what the driver says, else root'),
  ssh_key: paths
    .nullish()
    .describe('private key files; default: the key of the driver, the agent, ~/.ssh/id_*'),
  password: z.string().nullish().describe('for the login; not for sudo'),
  ssh_key_only: z
    .boolean()
    .optional()
    .describe('true: only the keys of `ssh_key`, neither the agent nor the password'),
  agent: z.boolean().default(true).describe('false: the keys of the agent (SSH_AUTH_SOCK) are not tried'),
  forward_agent: z.boolean().nullish().describe('true: commands on the machine can use the agent'),
  host_key: z
    .union([
      z.literal(['first-use', 'ignore']),
      fingerprint.transform((one) => [one]),
      z.array(fingerprint).min(1),
    ])
    .default('first-use')
    .describe(
      'fingerprints (SHA256:…) of the keys that are right; `first-use`: what is seen first holds until destroy, unless the driver knows it; `ignore`: any key',
    ),
  sudo: z.boolean().default(true).describe('false: commands run as the login user instead of root'),
  sudo_command: text.default('sudo -n').describe('for users other than root; must not ask for a password'),
  ssh_gateway: text.nullish().describe('bastion host through which the machine is reached'),
  ssh_gateway_port: port.default(22).describe('its port'),
  ssh_gateway_username: text.nullish().describe('the user there; default: that of the machine'),
  ssh_http_proxy: text.nullish().describe('HTTP proxy (CONNECT) through which the machine is reached'),
  ssh_http_proxy_port: port.nullish().describe('its port; default 8080'),
  ssh_http_proxy_user: text.nullish().describe('the user there'),
  ssh_http_proxy_password: z.string().nullish().describe('the password there'),
  ssh_proxy_command: text
    .nullish()
    .describe('local command whose input and output lead to the machine; %h %p %r'),
  ssh_config: z
    .union([z.boolean(), text])
    .default(true)
    .describe(
      'HostName, Port, User, IdentityFile, ProxyJump and ProxyCommand are taken from ~/.ssh/config, or from this file',
    ),
  keepalive: z.boolean().default(true).describe('ask an idle connection whether it is still there'),
  keepalive_interval: seconds.default(60).describe('seconds between two questions'),
  keepalive_maxcount: count.default(3).describe('unanswered questions after which the connection is lost'),
  max_ssh_sessions: count
    .min(1)
    .default(9)
    .describe('commands at a time over the one connection; the others wait'),
  connection_timeout: seconds.default(15).describe('seconds for one try to connect and log in'),
  connection_retries: count.default(5).describe('tries to connect to a machine that is up'),
  connection_retry_sleep: seconds.default(1).describe('seconds between them'),
  max_wait_until_ready: seconds
    .default(600)
    .describe('seconds that a new machine may take until it lets us in'),
  auth_retries: count
    .default(5)
    .describe(
      'refused logins, 3 s apart, after which a new machine is given up; the peer goes on for ten minutes',
    ),
  compression: z.boolean().default(false).describe('compress what is transferred'),
  compression_level: unneeded('the level is that of zlib'),
  verbose: unneeded('what is tried is in the messages'),
  service_address: serviceAddress,
  login_command: text.optional().describe('shell command line of `galley login`; default: the login shell'),
});
export type SshSettings = z.infer<typeof SshSettings>;
