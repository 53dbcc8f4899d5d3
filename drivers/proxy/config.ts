import { z } from 'zod';
import { clientRecord } from '../../src/core/client-install.ts';
import { clientSource } from '../../src/core/client-source.ts';
import { unneeded } from '../../src/core/option-status.ts';
import { driverConcurrency } from '../../src/core/option-values.ts';

const text = z.string().min(1);

/** What the peer's drivers on ssh allow and the ssh transport has of its own. */
const UNNEEDED: Readonly<Record<string, string>> = {
  sudo: 'transport: {sudo: false} runs commands as the login user',
  keepalive: 'the transport has it',
  keepalive_interval: 'the transport has it',
  forward_agent: 'the transport has it',
  no_ssh_tcp_check: 'the login itself shows whether it works',
  no_ssh_tcp_check_sleep: 'the login itself shows whether it works',
  ssh_timeout: 'the transport has connection_timeout',
  ssh_retries: 'the transport has connection_retries',
};

/** A machine that is there already. Names are those of Test Kitchen's proxy driver. */
export const ProxyConfig = z.strictObject({
  host: text.optional().describe('name or address of the machine; needed'),
  port: z.coerce.number().int().min(1).max(65_535).default(22).describe('port of its sshd'),
  username: text.default('root').describe('user to log in as'),
  password: z.string().nullish().describe('for the login'),
  ssh_key: text.nullish().describe('private key file for the login'),
  reset_command: text
    .nullish()
    .describe('shell command line run there at create and at destroy, to make it clean'),
  client: clientSource.optional().describe('the Chef or Cinc client: from, url, product, version, image'),
  concurrency: driverConcurrency,
  ...Object.fromEntries(Object.entries(UNNEEDED).map(([key, why]) => [key, unneeded(why)])),
});
export type ProxyConfig = z.infer<typeof ProxyConfig>;

/** What the state file keeps of it. */
export const ProxyMachine = z.object({
  host: z.string(),
  port: z.number(),
  username: z.string(),
  password: z.string().optional(),
  keyFile: z.string().optional(),
  /** `reset_command` has been run for this create. */
  isReset: z.boolean().optional(),
  client: clientRecord.optional(),
});
export type ProxyMachine = z.infer<typeof ProxyMachine>;
