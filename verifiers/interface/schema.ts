import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { count } from '../../src/checks/numbers.ts';
import { LINK_STATES } from '../../src/checks/probe/system/netlink.ts';

const attributes = {
  up: z.boolean().optional().describe('whether it is switched on'),
  state: matcher(z.enum(LINK_STATES))
    .optional()
    .describe("the kernel's word: up, down, unknown, lower-layer-down …"),
  addresses: matcher(z.array(z.string()))
    .optional()
    .describe('its addresses, e.g. 172.17.0.2; with a prefix length, 172.17.0.2/16, that is compared too'),
  mtu: matcher(count).optional().describe('largest packet, bytes'),
  mac: matcher(z.string()).optional().describe('hardware address, lower case with colons'),
};

export const interfaceSpec = z
  .strictObject({
    interface: z
      .string()
      .regex(/^[^\s/]{1,15}$/, 'expected the name of an interface, at most 15 characters')
      .describe('name, e.g. eth0'),
    exists: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine(...absentAlone<{ exists?: boolean | undefined }>('exists', attributes, 'an interface'));

export type InterfaceSpec = z.infer<typeof interfaceSpec>;
