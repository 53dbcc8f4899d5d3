import { z } from 'zod';
import { timeLimit } from '../../src/checks/duration.ts';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { fromPlace } from '../../src/checks/network/from-place.ts';
import { amount } from '../../src/checks/numbers.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[address]:port`, `tcp://host:port`. Undefined when it is neither, or a template. */
export function hostPort(text: string): HostPort | undefined {
  const found = /^(?:(?:tcp|udp):\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(found?.[3]);
  if (!found || port < 1 || port > 65_535) return undefined;
  return { host: found[1] ?? found[2] ?? '', port };
}

const address = z
  .string()
  .refine(
    (text) => hostPort(text) !== undefined || text.includes('${'),
    'expected host:port, [address]:port, tcp://host:port or udp://host:port',
  );

const ERRORS = ['refused', 'timeout', 'unreachable', 'unresolved', 'closed', 'reset', 'none'] as const;

const attributes = {
  latency: matcher(amount)
    .optional()
    .describe('milliseconds until the connection stood (UDP: until the answer)'),
};

export const addrSpec = z
  .strictObject({
    addr: address.describe('host:port, tcp://host:port or udp://host:port'),
    reachable: z.boolean().optional().describe('default: true, unless error says otherwise'),
    error: matcher(z.enum(ERRORS))
      .optional()
      .describe('how it fails: refused, timeout, unreachable, unresolved, closed (at once), reset, or none'),
    from: fromPlace,
    timeout: timeLimit().optional().describe('default: 3s'),
    send: z.string().min(1).optional().describe('UDP: what to send; without an answer nothing is proved'),
    control: address
      .optional()
      .describe('host:port that must be reachable from the same place, else what fails proves nothing'),
    ...attributes,
  })
  .refine(...absentAlone<{ reachable?: boolean | undefined }>('reachable', attributes, 'an address'))
  .superRefine((spec, context) => {
    const isUdp = spec.addr.startsWith('udp://');
    if (spec.send !== undefined && !isUdp)
      context.addIssue({ code: 'custom', path: ['send'], message: "'send' is for udp://host:port" });
    if (spec.control?.startsWith('udp://'))
      context.addIssue({ code: 'custom', path: ['control'], message: 'a control is a TCP port' });
    if (spec.reachable === true && spec.error !== undefined)
      context.addIssue({ code: 'custom', path: ['error'], message: 'what is reachable has no error' });
  });

export type AddrSpec = z.infer<typeof addrSpec>;
