import { z } from 'zod';

/** Values of options that several plugins have. */

/** An option with a default, which a key without a value means as well: YAML reads that as null. */
export function orDefault<T extends z.ZodType>(schema: T, value: z.output<T>) {
  return schema.nullish().transform((given): z.output<T> => given ?? value);
}

/** A version as YAML reads it: `18`, `18.8`, `"18.8.54"`, `latest`; dokken's `stable` is `latest`. */
export const version = z
  .union([z.number(), z.string().min(1)])
  .transform((given) => (given === 'stable' ? 'latest' : String(given)));

/** `concurrency` of a driver: how many instances of it are worked on at a time. */
export const driverConcurrency = z.coerce
  .number()
  .int()
  .positive()
  .optional()
  .describe('instances of this driver that are worked on at a time, beside --concurrency; default: no limit');

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `24h`, `7d` → milliseconds. */
export const timeSpan = z.string().transform((text, ctx) => {
  const match = /^(\d+)\s*([smhd])$/.exec(text.trim());
  if (match) return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
  ctx.addIssue({ code: 'custom', message: 'is not a time span: write 90s, 30m, 24h or 7d' });
  return z.NEVER;
});
