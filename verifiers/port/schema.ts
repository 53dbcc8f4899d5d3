import { z } from 'zod';
import { mapWanted } from '../../src/checks/map-wanted.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { atLeastOne, count } from '../../src/checks/numbers.ts';

const attributes = {
  address: matcher(z.array(z.string()), { plain: true })
    .optional()
    .describe('addresses it listens on, e.g. 0.0.0.0, ::1'),
  family: matcher(z.array(z.enum(['ipv4', 'ipv6'])))
    .optional()
    .describe('ipv4, ipv6; a dual-stack socket is both'),
  backlog: matcher(count)
    .optional()
    .describe(
      'connections that may wait to be accepted, as given to listen(2); of several listeners the fewest',
    ),
  owner: z
    .strictObject(
      {
        name: matcher(z.array(z.string())).optional().describe('names of the processes that hold it'),
        user: matcher(z.array(z.string())).optional().describe('their users'),
        pid: matcher(z.array(atLeastOne)).optional().describe('their process ids'),
        unit: matcher(z.array(z.string())).optional().describe('their systemd units'),
      },
      mapWanted('{name: nginx}'),
    )
    .refine((owner) => Object.keys(owner).length > 0, 'give name, user, pid or unit')
    .optional(),
};

export const portSpec = z
  .strictObject({
    port: z
      .union([
        z.int().min(1).max(65_535),
        z
          .string()
          .regex(
            /^[/@]./,
            'expected a port number (80, without quotes; protocol: udp beside it) or the path of a unix socket',
          ),
      ])
      .describe('port number, or path of a unix socket'),
    listening: z.boolean().optional().describe('default: true'),
    protocol: z.enum(['tcp', 'udp']).optional().describe('default: tcp'),
    reachable: z
      .union([z.boolean(), z.strictObject({ from: z.string().trim().min(1), is: z.boolean().optional() })])
      .optional()
      .describe(
        'whether a connection is made; true is {from: host}, the machine of the caller; also from: instance, or the name of a companion; with is: false not',
      ),
    ...attributes,
  })
  .superRefine((spec, context) => {
    if (spec.listening === false && Object.keys(attributes).some((key) => key in spec)) {
      context.addIssue({
        code: 'custom',
        path: ['listening'],
        message: 'a port that must not listen has no other attributes',
      });
    }
    const isNumber = typeof spec.port === 'number';
    const odd = isNumber
      ? undefined
      : (['protocol', 'family', 'address', 'reachable'] as const).find((key) => key in spec);
    if (odd) context.addIssue({ code: 'custom', path: [odd], message: `a unix socket has no '${odd}'` });
    if (spec.protocol === 'udp' && spec.backlog !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['backlog'],
        message: 'only TCP and unix sockets have a backlog',
      });
    if (spec.protocol === 'udp' && spec.reachable !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['reachable'],
        message: 'only a TCP port can be tried from outside',
      });
    }
  });

export type PortSpec = z.infer<typeof portSpec>;

/** Where the connection is made from: `host`, `instance` or a companion; undefined when none is asked for. */
export function reachedFrom(spec: PortSpec): string | undefined {
  if (spec.reachable === undefined) return undefined;
  return typeof spec.reachable === 'object' ? spec.reachable.from : 'host';
}
