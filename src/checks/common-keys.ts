import { z } from 'zod';
import type { Timing } from '../core/check.ts';
import { only, skip, waive } from './accept-keys.ts';
import { timeLimit } from './duration.ts';
import { patternText } from './matcher-operands.ts';
import { consistently, eventually, repeat } from './time-keys.ts';

const name = z.union([z.string().trim().min(1), z.number().transform(String)]).meta({ takes: 'text' });
const names = z
  .union([z.array(name).min(1, 'an empty list says nothing'), name.transform((one) => [one])])
  .meta({ takes: 'text or list of texts' });

const secret = z.string().min(1).transform(secretOf);
const redact = z
  .union([
    z.literal(true).transform(() => 'all' as const),
    z.literal(false).transform(() => undefined),
    z.array(secret).min(1),
    secret.transform((one) => [one]),
  ])
  .meta({ takes: 'true, text or list of texts' });

function secretOf(text: string, context: z.RefinementCtx): string | RegExp {
  const parts = patternText(text);
  if (!parts) return text;
  try {
    return new RegExp(parts.source, `${parts.flags.replace(/[gy]/g, '')}g`);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
}

/** The keys that every check item takes beside those of its type. A key that the type has itself is the type's. */
export const commonSchema = z
  .strictObject({
    id: name.optional().describe('stable name in reports; default: made from type and selector'),
    title: name.optional().describe('what reports show; default: the selector'),
    why: z.string().optional().describe('the reason of the check, for readers'),
    tags: names.optional().describe('words to choose checks by: --check-tag'),
    severity: z
      .enum(['low', 'medium', 'high', 'critical'])
      .optional()
      .describe('how grave a failure is, for reports; every failure fails the run'),
    only: only.optional().describe('where it is looked at; elsewhere it is skipped with this reason'),
    skip: skip.optional().describe('the reason why it is not looked at'),
    waive: waive
      .optional()
      .describe('a failure is accepted until that day; an expired or unneeded waiver is reported'),
    depends: names
      .optional()
      .describe('ids of checks looked at first; when one of them does not pass, this one is skipped'),
    timeout: timeLimit()
      .optional()
      .describe('for one look; default: 2m; a look that takes longer is an error'),
    evidence: names
      .optional()
      .describe('shown when it does not pass: paths (last lines) and commands on the instance'),
    redact: redact.optional().describe('true: no value is shown; texts or /patterns/: these are not shown'),
    once: z.literal(true).optional().describe('try once, which is the default'),
    eventually: eventually
      .optional()
      .describe(
        'try again until it passes `stable` (1) times in a row, for `within` (30s), `every` (250ms→2s)',
      ),
    consistently: consistently
      .optional()
      .describe(
        'then go on looking `for` (5s), `every` (500ms); the first failure ends it, and so does a new process of a service or process unless `mayRestart`',
      ),
    repeat: repeat
      .optional()
      .describe(
        'then look `times` times, `concurrency` (8) at a time; at most `maxFailures` (0) may fail; `connection`: new or reuse; `token`: true, each look must get its own `${token}` back; `workers`: all or how many must have answered',
      ),
  })
  .refine((keys) => keys.once === undefined || keys.eventually === undefined, {
    message: 'a check is tried either once or eventually, not both',
    path: ['once'],
  })
  .refine((keys) => keys.consistently === undefined || keys.repeat === undefined, {
    message: 'a check either repeats or goes on consistently: make two checks of it',
    path: ['consistently'],
  })
  .refine((keys) => keys.skip === undefined || keys.waive === undefined, {
    message: 'a skipped check needs no waiver: give one of the two',
    path: ['waive'],
  });

export const COMMON_KEYS: readonly string[] = Object.keys(commonSchema.shape);

export type CommonKeys = z.infer<typeof commonSchema>;

export function timingOf(keys: CommonKeys): Timing {
  return keys.eventually ?? { mode: 'once' };
}
