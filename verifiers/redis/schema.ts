import { z } from 'zod';
import { mapOf } from '../../src/checks/asserting-maps.ts';
import { timeLimit } from '../../src/checks/duration.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { amount } from '../../src/checks/numbers.ts';

const REDIS_ERRORS = ['refused', 'unreachable', 'auth', 'command', 'timeout'] as const;
export type RedisErrorKind = (typeof REDIS_ERRORS)[number];

const word = z.union([z.string(), z.number().transform(String)]).meta({ takes: 'text' });

const ofKey = {
  exists: z.boolean().optional().describe('of a key: whether it is there; default: true'),
  type: matcher(z.enum(['string', 'list', 'set', 'zset', 'hash', 'stream']))
    .optional()
    .describe('of a key'),
  ttl: matcher(amount)
    .optional()
    .describe('of a key: seconds until it expires; {absent: true}: it never does'),
};

const attributes = {
  ...ofKey,
  value: matcher(z.unknown())
    .optional()
    .describe('the reply of the command; of a key its text, its elements as a list, or its fields as a map'),
  info: mapOf(matcher(z.unknown())).optional().describe('field of INFO, such as connected_clients → matcher'),
};

export const redisSpec = z
  .strictObject({
    redis: z
      .union([
        z
          .string()
          .trim()
          .min(1)
          .transform((text) => ({ command: text.split(/\s+/) })),
        z
          .array(word)
          .min(1, 'expected a command')
          .transform((command) => ({ command })),
        z.strictObject({ key: word }),
      ])
      .describe('a command such as PING, as a text or a list of words; or {key: NAME}'),
    in: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe('companion service, or instance; default: the only companion that speaks redis'),
    db: z.int().min(0).optional().describe('number of the database; default: 0'),
    host: word.optional().describe('default: the companion; on the instance 127.0.0.1'),
    port: z.int().min(1).max(65_535).optional().describe('default: 6379'),
    user: word.optional().describe('of an ACL'),
    password: word.optional().describe("default: the companion's; never shown, never on a command line"),
    timeout: timeLimit().optional().describe('default: 10s'),
    error: matcher(z.enum([...REDIS_ERRORS, 'none']))
      .optional()
      .describe('why there is no reply, e.g. auth; none: there is one, whatever it says'),
    ...attributes,
  })
  .superRefine((spec, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const odd = Object.keys(ofKey).find((key) => key in spec);
    if (odd !== undefined && !('key' in spec.redis)) refuse(odd, `'${odd}' is for {key: NAME}`);
    const isAsked = 'key' in spec.redis || Object.keys(attributes).some((key) => key in spec);
    if (!isAsked && spec.error === undefined)
      refuse(
        'redis',
        "nothing is expected of the reply: add value, info or error; 'error: none' where it is enough that the command works",
      );
    if (spec.error !== undefined && Object.keys(attributes).some((key) => key in spec))
      refuse('error', `'error' means that no reply is expected: it cannot stand beside other attributes`);
    if (spec.exists === false && (spec.type ?? spec.ttl ?? spec.value) !== undefined)
      refuse('exists', 'a key that must not exist has no other attributes');
    if (
      'command' in spec.redis &&
      /^(subscribe|psubscribe|ssubscribe|monitor|sync|psync|reset|quit)$/i.test(spec.redis.command[0] ?? '')
    )
      refuse('redis', `${spec.redis.command[0]} has no one reply to look at`);
  });

export type RedisSpec = z.infer<typeof redisSpec>;
