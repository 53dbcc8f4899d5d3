import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { count } from '../../src/checks/numbers.ts';

const attributes = {
  via: matcher(z.string()).optional().describe('address of the gateway'),
  interface: matcher(z.string()).optional().describe('name of the interface it leaves by'),
  metric: matcher(count).optional().describe('its priority; the lowest wins'),
  source: matcher(z.string()).optional().describe('preferred own address'),
  type: matcher(z.string()).optional().describe('unicast, blackhole, unreachable, prohibit …'),
};

function isNetwork(text: string): boolean {
  const [address = '', length, rest] = text.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  if (rest !== undefined) return false;
  return length === undefined ? most > 0 : /^\d+$/.test(length) && Number(length) <= most;
}

export const routeSpec = z
  .strictObject({
    route: z
      .string()
      .trim()
      .refine(
        (text) => text === 'default' || isNetwork(text),
        "expected 'default' or a network such as 10.0.0.0/8",
      )
      .describe('default, or the network it leads to'),
    exists: z.boolean().optional().describe('default: true'),
    family: z.enum(['ipv4', 'ipv6']).optional().describe('of the default route; default: ipv4'),
    table: z
      .union([z.string(), z.int().transform(String)])
      .meta({ takes: 'text or number' })
      .optional()
      .describe('routing table; default: main'),
    ...attributes,
  })
  .refine(...absentAlone<{ exists?: boolean | undefined }>('exists', attributes, 'a route'));

export type RouteSpec = z.infer<typeof routeSpec>;
