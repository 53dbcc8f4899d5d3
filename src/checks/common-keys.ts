import { z } from 'zod';
import type { Repeat, Timing } from '../core/check.ts';
import { duration } from './duration.ts';

const DEFAULT_WITHIN_MS = 30_000;
const DEFAULT_EVERY_MS = 250;
/** Twice the usual number of workers: enough that requests meet in different processes. */
const DEFAULT_CONCURRENCY = 8;

const eventually = z
  .union([
    z.strictObject({
      within: duration().optional(),
      every: duration().optional(),
      stable: z.int().min(1).max(1000).optional(),
    }),
    z.literal(true).transform(() => ({})),
    duration().transform((within) => ({ within })),
  ])
  .transform(
    (given: { within?: number | undefined; every?: number | undefined; stable?: number | undefined }) => ({
      mode: 'eventually' as const,
      withinMs: given.within ?? DEFAULT_WITHIN_MS,
      everyMs: Math.max(given.every ?? DEFAULT_EVERY_MS, 10),
      stable: given.stable ?? 1,
    }),
  )
  .meta({ takes: 'duration, or map of within, every, stable' });

const repeat = z
  .union([
    z.strictObject({
      times: z.int().min(1).max(100_000),
      concurrency: z.int().min(1).max(1000).optional(),
      maxFailures: z.int().min(0).optional(),
    }),
    z
      .int()
      .min(1)
      .max(100_000)
      .transform((times) => ({ times })),
  ])
  .transform(
    (given: {
      times: number;
      concurrency?: number | undefined;
      maxFailures?: number | undefined;
    }): Repeat => ({
      times: given.times,
      concurrency: Math.min(given.concurrency ?? DEFAULT_CONCURRENCY, given.times),
      maxFailures: given.maxFailures ?? 0,
    }),
  )
  .meta({ takes: 'number, or map of times, concurrency, maxFailures' });

const skip = z
  .union([
    z
      .string()
      .trim()
      .refine((text) => text !== '', 'a skip needs a reason: skip: why'),
    z.literal(false).transform(() => undefined),
    z
      .literal(true)
      .refine(() => false, 'a skip needs a reason: skip: why')
      .transform(() => undefined),
  ])
  .meta({ takes: 'text' });

const name = z.union([z.string().trim().min(1), z.number().transform(String)]).meta({ takes: 'text' });

/** The keys that every check item takes beside those of its type. */
export const commonSchema = z
  .strictObject({
    id: name.optional().describe('stable name in reports; default: made from type and selector'),
    title: name.optional().describe('what reports show; default: the selector'),
    why: z.string().optional().describe('the reason of the check, for readers'),
    tags: z
      .union([z.array(name), name.transform((tag) => [tag])])
      .meta({ takes: 'list of texts' })
      .optional()
      .describe('words to choose checks by'),
    skip: skip.optional().describe('the reason why it is not looked at'),
    once: z.literal(true).optional().describe('try once, which is the default'),
    eventually: eventually
      .optional()
      .describe(
        'try again until it passes `stable` (1) times in a row, for `within` (30s), at first `every` (250ms)',
      ),
    repeat: repeat
      .optional()
      .describe('look `times` times, `concurrency` (8) at a time; at most `maxFailures` (0) may fail'),
  })
  .refine((keys) => keys.once === undefined || keys.eventually === undefined, {
    message: 'a check is tried either once or eventually, not both',
    path: ['once'],
  });

export const COMMON_KEYS: readonly string[] = Object.keys(commonSchema.shape);

export type CommonKeys = z.infer<typeof commonSchema>;

export function timingOf(keys: CommonKeys): Timing {
  return keys.eventually ?? { mode: 'once' };
}
