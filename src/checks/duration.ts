import { z } from 'zod';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of `250ms`, `1.5s`, `2m`, `1h` or a number of seconds; undefined for anything else. */
export function parseDuration(raw: unknown): number | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) && raw >= 0 ? Math.round(raw * 1000) : undefined;
  if (typeof raw !== 'string') return undefined;
  const found = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(raw);
  if (!found) return undefined;
  return Math.round(Number(found[1]) * UNITS[(found[2] ?? 's') as keyof typeof UNITS]);
}

/** Timers of JavaScript end at once when they are given more than 2^31 ms; some limits are added up. */
const LONGEST_MS = 7 * 24 * UNITS.h;

/** What is wrong with a time that is waited for, or undefined. */
export function tooLong(ms: number): string | undefined {
  return ms > LONGEST_MS ? 'expected a time of at most a week (168h)' : undefined;
}

/** Schema of a duration as a user writes it; the parsed value is milliseconds. */
export function duration(): z.ZodType<number> {
  const schema = z.unknown().transform((raw, context): number => {
    const ms = parseDuration(raw);
    const message = ms === undefined ? undefined : tooLong(ms);
    if (message !== undefined) {
      context.addIssue({ code: 'custom', message, input: raw });
      return z.NEVER;
    }
    if (ms !== undefined) return ms;
    context.addIssue({
      code: 'custom',
      message: "expected a duration such as '30s', '250ms', '2m' or a number of seconds",
      input: raw,
    });
    return z.NEVER;
  });
  return schema.meta({ takes: 'duration' });
}

/** Schema of the time that something may take: a duration that is not nothing. */
export function timeLimit(): z.ZodType<number> {
  return duration().refine((ms) => ms > 0, 'expected a time longer than nothing');
}

/** `1.2 s`, `85 ms`, `2 min 5 s` */
export function showDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(1))} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
