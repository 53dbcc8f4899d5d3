import { z } from 'zod';
import { clientRecord } from '../../src/core/client-install.ts';
import { isRunId } from './run-folder.ts';

/** What the state file keeps of a machine. Complete once it has an address; before that, what leads to it. */
export const Ec2Machine = z.object({
  region: z.string(),
  profile: z.string().optional(),
  endpoint: z.string().optional(),
  /** The run whose key and security group it has. */
  runId: z.string().refine(isRunId),
  /** Client tokens of its RunInstances requests, each written down before it was sent. */
  tokens: z.array(z.string()).optional(),
  /** When the last of them was sent, before that when the first thing was made; milliseconds since the epoch. */
  launchedAt: z.number().optional(),
  instanceId: z.string(),
  /** Id of the account that it was made in. */
  account: z.string().optional(),
  imageId: z.string(),
  instanceType: z.string(),
  market: z.enum(['spot', 'on-demand']),
  /** Name of the key pair; undefined when the machine has none. */
  keyName: z.string().optional(),
  /** Whether key and group were made by us, for the run. */
  hasOwnKey: z.boolean(),
  hasOwnGroup: z.boolean(),
  groupId: z.string().optional(),
  /** Client token of the dedicated host that was asked for, written down before; and the host that it is placed on. */
  hostToken: z.string().optional(),
  hostId: z.string().optional(),
  /** The host stays at destroy. */
  keepsHost: z.boolean().optional(),
  user: z.string(),
  /** What is connected to, by the config's `interface`. */
  host: z.string(),
  port: z.number(),
  /** Whether it can be connected to from here without a bastion, as far as the address tells. */
  isDirect: z.boolean(),
  hostKeys: z.array(z.string()).optional(),
  /** Reached through Systems Manager: it has no key of the run, and nobody may come in. */
  viaSsm: z.boolean().optional(),
  client: clientRecord.optional(),
  /** `interface` of the config, for a change of address. */
  interface: z.enum(['dns', 'public', 'private', 'private_dns', 'id']).optional(),
  /** EC2 Instance Connect lets the key in before each login. */
  instanceConnect: z.boolean().optional(),
  /** Local command that leads to its sshd. */
  tunnel: z.string().optional(),
  /** Private key that was made for the run. */
  keyFile: z.string().optional(),
});
export type Ec2Machine = z.infer<typeof Ec2Machine>;
