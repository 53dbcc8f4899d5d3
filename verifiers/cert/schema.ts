import { z } from 'zod';
import { timeLimit } from '../../src/checks/duration.ts';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { atLeastOne } from '../../src/checks/numbers.ts';

/** A file on the instance, or where TLS is spoken. */
export type CertPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'tls'; readonly host: string; readonly port: number };

/** `/etc/ssl/x.pem`, `https://host[:port]`, `tls://host:port`, `host:port`. */
export function placeOf(text: string): CertPlace | undefined {
  if (text.startsWith('/')) return { kind: 'file', path: text };
  const found = /^(?:(https|tls):\/\/)?(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?\/?$/.exec(
    text.trim(),
  );
  const port = Number(found?.[4] ?? (found?.[1] === 'https' ? 443 : 0));
  if (!found || port < 1 || port > 65_535) return undefined;
  return { kind: 'tls', host: found[2] ?? found[3] ?? '', port };
}

const path = z.string().regex(/^(\/|\$\{)/, 'expected an absolute path');

const attributes = {
  subject: matcher(z.string()).optional().describe("its subject, e.g. 'CN=example.com, O=Example'"),
  cn: matcher(z.string()).optional().describe('common name of the subject'),
  issuer: matcher(z.string()).optional().describe('who signed it'),
  san: matcher(z.array(z.string()))
    .optional()
    .describe('names and addresses it is for: example.com, 10.0.0.1'),
  hostname: z.string().min(1).optional().describe('a name that it must be valid for, wildcards considered'),
  daysLeft: matcher(z.number())
    .optional()
    .describe("whole days until it expires, by the instance's clock; negative: expired"),
  valid: z.boolean().optional().describe('whether its time has begun and is not over'),
  keyMatches: path.optional().describe('private key on the instance that must belong to it'),
  keyType: matcher(z.string()).optional().describe('rsa, ec, ed25519 …'),
  keyBits: matcher(atLeastOne).optional().describe('length of the key'),
  selfSigned: z.boolean().optional().describe('whether it is signed by its own key'),
  trusted: z
    .boolean()
    .optional()
    .describe("whether its chain leads to an authority of `ca`, or of the instance's own bundle"),
  ca: path.optional().describe('file of trusted authorities on the instance'),
  serial: matcher(z.string()).optional().describe('serial number, hexadecimal'),
  fingerprint: matcher(z.string()).optional().describe('SHA-256, upper case with colons'),
};

export const certSpec = z
  .strictObject({
    cert: z
      .string()
      .refine(
        (text) => placeOf(text) !== undefined || text.includes('${'),
        'expected an absolute path, host:port, tls://host:port or https://host',
      )
      .describe('file (PEM or DER) on the instance, or host:port where TLS is spoken'),
    exists: z.boolean().optional().describe('default: true'),
    from: z
      .enum(['host', 'instance'])
      .optional()
      .describe(
        'where a TLS connection is made; default: host; inside it needs openssl or the client’s Ruby',
      ),
    servername: z.string().min(1).optional().describe('name asked for (SNI); default: the host'),
    timeout: timeLimit().optional().describe('of the TLS connection; default: 5s'),
    ...attributes,
  })
  .refine(...absentAlone<{ exists?: boolean | undefined }>('exists', attributes, 'a certificate'))
  .superRefine((spec, context) => {
    const isFile = spec.cert.startsWith('/');
    const odd = isFile ? (['from', 'servername', 'timeout'] as const).find((key) => key in spec) : undefined;
    if (odd) context.addIssue({ code: 'custom', path: [odd], message: `a file has no '${odd}'` });
    if (!isFile && spec.exists === false)
      context.addIssue({ code: 'custom', path: ['exists'], message: 'only a file can be absent' });
    if (spec.ca !== undefined && spec.trusted === undefined)
      context.addIssue({ code: 'custom', path: ['ca'], message: "'ca' is for trusted: true or false" });
  });

export type CertSpec = z.infer<typeof certSpec>;
