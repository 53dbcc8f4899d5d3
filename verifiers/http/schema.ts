import { z } from 'zod';
import { jsonPath, jsonPaths, mapOf } from '../../src/checks/asserting-maps.ts';
import { timeLimit } from '../../src/checks/duration.ts';
import { patternText } from '../../src/checks/matcher-operands.ts';
import { matcher, textMatcher } from '../../src/checks/matcher-schema.ts';
import { amount, count, statusCode } from '../../src/checks/numbers.ts';
import { processOf } from '../../src/checks/probe/process-selector.ts';

/** Why there was no (complete) answer. A connection that is refused, reset … is an observation, not an error of ours. */
const HTTP_ERRORS = [
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'aborted',
  'dns',
  'tls',
  'protocol',
  'redirects',
] as const;
export type HttpError = (typeof HTTP_ERRORS)[number];

const word = z
  .union([z.string(), z.number().transform(String), z.boolean().transform(String)])
  .meta({ takes: 'text' });

const ONE_LINE = 'a header has one line: no line ends, no NUL';

/** Inside an instance the head is written as it is given, so a line end would begin another header. */
function isOneLine(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}

const request = z
  .strictObject({
    headers: z
      .record(
        z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'expected the name of a header'),
        word.refine(isOneLine, ONE_LINE),
      )
      .optional()
      .describe('headers to send'),
    body: z.string().optional().describe('text to send'),
    json: z.unknown().optional().describe('value to send as JSON'),
  })
  .refine((given) => given.body === undefined || given.json === undefined, {
    message: 'give either body or json',
    path: ['json'],
  });

const pattern = z
  .union([z.instanceof(RegExp), z.string().min(1)])
  .transform((raw, context): RegExp => {
    if (raw instanceof RegExp) return raw;
    const parts = patternText(raw) ?? { source: raw, flags: '' };
    try {
      return new RegExp(parts.source, parts.flags.replace(/[gy]/g, ''));
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  })
  .meta({ takes: 'pattern' });

const worker = z
  .strictObject({
    header: z
      .string()
      .min(1)
      .optional()
      .describe('header with its pid or name; default: X-Worker-Pid and the like'),
    body: pattern.optional().describe('pattern in the body; its first group, e.g. /pid (\\d+)/'),
    json: jsonPath.optional().describe('path in the JSON answer'),
    stats: z
      .string()
      .min(1)
      .optional()
      .describe("address or unix socket of uWSGI's stats server inside the instance"),
    of: processOf
      .refine(
        (of) => of.port === undefined && of.pidfile === undefined,
        'workers are selected by name, unit, role …, not by port or pidfile',
      )
      .optional()
      .describe('the processes that must have answered; default: the siblings of those seen'),
  })
  .refine(
    (given) =>
      [given.header, given.body, given.json, given.stats].filter((one) => one !== undefined).length <= 1,
    'give one of header, body, json and stats',
  );

const answer = {
  status: matcher(statusCode).optional().describe('status code; default: 200 to 299'),
  body: textMatcher().optional().describe('the answer as text; a list: contains each of these'),
  json: jsonPaths.optional().describe('path in the JSON answer, such as items[0].name → matcher'),
  headers: mapOf(matcher(z.array(z.string())))
    .optional()
    .describe('name → matcher of all its values'),
  time: z
    .strictObject({
      first: matcher(amount).optional().describe('milliseconds until the headers are there'),
      total: matcher(amount).optional().describe('milliseconds until the whole body is there'),
    })
    .refine((time) => Object.keys(time).length > 0, 'an empty map asserts nothing')
    .optional(),
  tls: z
    .strictObject({
      verified: z
        .boolean()
        .optional()
        .describe(
          'the certificate is signed by an authority known here, for this name; false needs insecure: true',
        ),
      protocol: matcher(z.string()).optional().describe('TLSv1.2 or TLSv1.3'),
      subject: matcher(z.string()).optional().describe('common name of the certificate'),
      issuer: matcher(z.string()).optional().describe('common name of who signed it'),
      san: matcher(z.array(z.string())).optional().describe('names and addresses that it is for'),
      daysLeft: matcher(z.number()).optional().describe('whole days until it expires'),
    })
    .refine((tls) => Object.keys(tls).length > 0, 'an empty map asserts nothing')
    .optional(),
  cookies: mapOf(
    z
      .strictObject({
        exists: z.boolean().optional(),
        value: matcher(z.string()).optional(),
        path: matcher(z.string(), { plain: true }).optional(),
        domain: matcher(z.string()).optional(),
        sameSite: matcher(z.enum(['Strict', 'Lax', 'None'])).optional(),
        maxAge: matcher(z.number()).optional(),
        secure: z.boolean().optional(),
        httpOnly: z.boolean().optional(),
      })
      .refine(
        (cookie) => cookie.exists !== false || Object.keys(cookie).length === 1,
        'a cookie that must not be set has no other attributes',
      ),
    z.string().min(1),
  )
    .optional()
    .describe(
      'name of a cookie that is set → map of value, path, domain, sameSite, maxAge (seconds), secure, httpOnly, exists',
    ),
  redirects: matcher(count).optional().describe('how many redirects were followed'),
};

export const httpSpec = z
  .strictObject({
    http: z
      .string()
      .refine(
        isUrlOrPath,
        "expected a URL such as http://localhost/items, or a path such as /items beside 'port'",
      )
      .describe('URL, or a path beside port'),
    port: z.int().min(1).max(65_535).optional().describe('port for a path; default: 80'),
    from: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe(
        'host (default): from here; instance: from inside; or the name of a companion; localhost always means the instance',
      ),
    resolve: z
      .record(z.string().min(1), z.string().min(1))
      .optional()
      .describe('host name → address to ask in its place; instance means the instance itself'),
    host: z.string().min(1).refine(isOneLine, ONE_LINE).optional().describe('Host header, for virtual hosts'),
    method: z
      .string()
      .regex(/^[A-Za-z]+$/, 'expected a method such as GET')
      .transform((method) => method.toUpperCase())
      .optional()
      .describe('default: GET'),
    request: request.optional().describe('what to send: headers, body, json'),
    timeout: timeLimit().optional().describe('for one request with its redirects; default: 10s'),
    followRedirects: z.boolean().optional().describe('default: false'),
    maxRedirects: z.int().min(0).max(50).optional().describe('default: 10'),
    insecure: z.boolean().optional().describe('true: any certificate will do'),
    worker: worker.optional().describe('how an answer tells which worker made it, for repeat: workers'),
    error: matcher(z.enum(HTTP_ERRORS)).optional().describe('why there is no answer, e.g. refused'),
    ...answer,
  })
  .refine((spec) => spec.error === undefined || Object.keys(answer).every((key) => !(key in spec)), {
    message: `'error' means that no answer is expected: it cannot stand beside ${Object.keys(answer).join(', ')}`,
    path: ['error'],
  })
  .refine((spec) => spec.port === undefined || spec.http.startsWith('/'), {
    message: "a URL has its own port: write it there, or give a path beside 'port'",
    path: ['port'],
  });

export type HttpSpec = z.infer<typeof httpSpec>;

/** The URL to ask, with templates still in it. */
export function urlText(spec: HttpSpec): string {
  return spec.http.startsWith('/') ? `http://localhost:${spec.port ?? 80}${spec.http}` : spec.http;
}

function isUrlOrPath(text: string): boolean {
  if (text.startsWith('/')) return !/\s/.test(text);
  const filled = text.replace(/\$\{[^}]+\}/g, '1');
  return /^(https?:\/\/|\$\{)/.test(text) && (text.startsWith('${') || URL.canParse(filled));
}

/** Everything of a request that goes over the wire, with templates still in it. */
export function sentTexts(spec: HttpSpec): readonly string[] {
  const { headers = {}, body, json } = spec.request ?? {};
  const texts = [urlText(spec), ...Object.values(headers), spec.host ?? ''];
  return [...texts, body ?? '', json === undefined ? '' : JSON.stringify(json)];
}
