import { z } from 'zod';
import type { Consistently, Repeat, Timing } from '../core/check.ts';
import { duration, parseDuration, timeLimit, tooLong } from './duration.ts';

const DEFAULT_WITHIN_MS = 30_000;
const DEFAULT_EVERY = { everyMs: 250, upToMs: 2000 };
const DEFAULT_FOR_MS = 5000;
const DEFAULT_STEP_MS = 500;
/** Nothing is looked at more often than this. */
const SHORTEST_MS = 10;
/** Twice the usual number of workers: enough that requests meet in different processes. */
const DEFAULT_CONCURRENCY = 8;

export interface Every {
  readonly everyMs: number;
  readonly upToMs?: number;
}

/** `500ms`: always that long; `250ms→2s`: longer each time, up to the second. `->` and `..` will do for the arrow. */
const every = z
  .unknown()
  .transform((raw, context): Every => {
    const parts = typeof raw === 'string' ? raw.split(/\s*(?:→|->|\.\.)\s*/) : [raw];
    const [from, to] = parts.map(parseDuration);
    if (from === undefined || parts.length > 2 || (parts.length === 2 && to === undefined)) {
      const message = "expected a duration such as '500ms', or two of them such as '250ms→2s'";
      context.addIssue({ code: 'custom', message, input: raw });
      return z.NEVER;
    }
    const problem = tooLong(Math.max(from, to ?? 0));
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem, input: raw });
      return z.NEVER;
    }
    if (to !== undefined && to < from) {
      const message = `the waits grow: write the shorter one first, '${String(parts[1])}→${String(parts[0])}'`;
      context.addIssue({ code: 'custom', message, input: raw });
      return z.NEVER;
    }
    const everyMs = Math.max(from, SHORTEST_MS);
    return to === undefined ? { everyMs } : { everyMs, upToMs: Math.max(to, everyMs) };
  })
  .meta({ takes: 'duration, or two as in 250ms→2s' });

type Eventually = Extract<Timing, { mode: 'eventually' }>;

export const eventually = z
  .union([
    z.strictObject({
      within: duration().optional(),
      every: every.optional(),
      stable: z.int().min(1).max(1000).optional(),
    }),
    z.literal(true).transform(() => ({})),
    duration().transform((within) => ({ within })),
  ])
  .transform(
    (given: { within?: number | undefined; every?: Every | undefined; stable?: number | undefined }) =>
      eventuallyOf(given),
  )
  .refine((given) => (given.stable - 1) * given.everyMs <= given.withinMs, {
    message: "'stable' passes in a row take longer than 'within': it could never pass",
    path: ['stable'],
  })
  .meta({ takes: 'duration, or map of within, every, stable' });

function eventuallyOf(given: {
  within?: number | undefined;
  every?: Every | undefined;
  stable?: number | undefined;
}): Eventually {
  return {
    mode: 'eventually',
    withinMs: given.within ?? DEFAULT_WITHIN_MS,
    ...(given.every ?? DEFAULT_EVERY),
    stable: given.stable ?? 1,
  };
}

/** How a gate (`verifier.wait`) is tried when it does not say. */
export const DEFAULT_EVENTUALLY: Eventually = eventuallyOf({});

const length = timeLimit();

export const consistently = z
  .union([
    z.strictObject({
      for: length.optional(),
      every: length.optional(),
      mayRestart: z.boolean().optional(),
    }),
    z.literal(true).transform(() => ({})),
    length.transform((ms) => ({ for: ms })),
  ])
  .transform(
    (given: {
      for?: number | undefined;
      every?: number | undefined;
      mayRestart?: boolean | undefined;
    }): Consistently => ({
      forMs: given.for ?? DEFAULT_FOR_MS,
      everyMs: Math.max(given.every ?? DEFAULT_STEP_MS, SHORTEST_MS),
      mayRestart: given.mayRestart ?? false,
    }),
  )
  .refine((given) => given.everyMs <= given.forMs, {
    message: "'every' is longer than 'for': it would be looked at only once",
    path: ['every'],
  })
  .meta({ takes: 'duration, or map of for, every, mayRestart' });

const times = z.int().min(1).max(100_000);

interface GivenRepeat {
  readonly times: number;
  readonly concurrency?: number | undefined;
  readonly maxFailures?: number | undefined;
  readonly connection?: 'new' | 'reuse' | undefined;
  readonly token?: boolean | undefined;
  readonly workers?: 'all' | number | undefined;
}

export const repeat = z
  .union([
    z.strictObject({
      times,
      concurrency: z.int().min(1).max(1000).optional(),
      maxFailures: z.int().min(0).optional(),
      connection: z.enum(['new', 'reuse']).optional(),
      token: z.boolean().optional(),
      workers: z
        .union([z.literal('all'), z.int().min(1).max(10_000)])
        .meta({ takes: 'all, or a number' })
        .optional(),
    }),
    times.transform((number) => ({ times: number })),
  ])
  .transform(
    (given: GivenRepeat): Repeat => ({
      times: given.times,
      concurrency: Math.min(given.concurrency ?? DEFAULT_CONCURRENCY, given.times),
      maxFailures: given.maxFailures ?? 0,
      ...(given.connection !== undefined && { connection: given.connection }),
      ...(given.token !== undefined && { token: given.token }),
      ...(given.workers !== undefined && { workers: given.workers }),
    }),
  )
  .refine((given) => given.maxFailures < given.times, {
    message: "'maxFailures' must be less than 'times': every answer could be wrong",
    path: ['maxFailures'],
  })
  .refine((given) => typeof given.workers !== 'number' || given.workers <= given.times, {
    message: "more 'workers' than 'times': not so many can answer",
    path: ['workers'],
  })
  .meta({ takes: 'number, or map of times, concurrency, maxFailures, connection, token, workers' });
