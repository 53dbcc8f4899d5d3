import { isIP } from 'node:net';
import { z } from 'zod';
import { timeLimit } from '../../src/checks/duration.ts';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { RECORD_TYPES, type RecordType } from '../../src/checks/network/dns-message.ts';
import { fromPlace } from '../../src/checks/network/from-place.ts';
import { amount } from '../../src/checks/numbers.ts';

const TYPES = Object.keys(RECORD_TYPES) as [RecordType, ...RecordType[]];

/** `10.0.0.2`, `10.0.0.2:5353`, `[fd00::1]:53` */
export function serverOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const found = /^(?:\[([^\]]+)\]|([\d.]+|[\da-fA-F:]*:[\da-fA-F:.]*:[\da-fA-F:.]*))(?::(\d{1,5}))?$/.exec(
    text.trim(),
  );
  const host = found?.[1] ?? found?.[2] ?? '';
  const port = Number(found?.[3] ?? 53);
  return isIP(host) !== 0 && port > 0 && port < 65_536 ? { host, port } : undefined;
}

const attributes = {
  addresses: matcher(z.array(z.string()))
    .optional()
    .describe('as the machine resolves it, /etc/hosts and all'),
  records: matcher(z.array(z.string()), { plain: true })
    .optional()
    .describe(
      "of the type asked for: '10.0.0.1', '10 mail.example.com' (MX), '0 5 443 host' (SRV), a text (TXT)",
    ),
  aliases: matcher(z.array(z.string())).optional().describe('the CNAMEs that were followed (with type)'),
  ttl: matcher(amount).optional().describe('seconds the records may be kept (with type)'),
  latency: matcher(amount).optional().describe('milliseconds until the answer'),
};

const WITH_TYPE = ['records', 'aliases', 'ttl'] as const;

export const dnsSpec = z
  .strictObject({
    dns: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .regex(/^[^\s/]+$/, 'expected a name')
      .describe('name; for PTR an address will do'),
    resolves: z.boolean().optional().describe('default: true'),
    type: z
      .enum(TYPES)
      .optional()
      .describe(
        'asks a name server for records of this type; without it the name is resolved as programs do',
      ),
    server: z
      .string()
      .refine(
        (text) => serverOf(text) !== undefined || text.includes('${'),
        'expected an address, or address:port',
      )
      .optional()
      .describe('address[:port]; default: the first of /etc/resolv.conf (with type)'),
    from: fromPlace,
    timeout: timeLimit().optional().describe('of a question to a server; default: 3s'),
    ...attributes,
  })
  .refine(...absentAlone<{ resolves?: boolean | undefined }>('resolves', attributes, 'a name'))
  .superRefine((spec, context) => {
    const refuse = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (spec.type === undefined) {
      if (spec.server !== undefined) refuse('server', "'server' needs a type, e.g. type: A");
      const odd = WITH_TYPE.find((key) => spec[key] !== undefined);
      if (odd) refuse(odd, `'${odd}' needs a type, e.g. type: A; without it there are addresses`);
    } else if (spec.addresses !== undefined) {
      refuse('addresses', "with a type there are 'records'");
    }
  });

export type DnsSpec = z.infer<typeof dnsSpec>;
