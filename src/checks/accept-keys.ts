import { z } from 'zod';
import type { Waiver } from '../core/check.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { mapWanted } from './map-wanted.ts';
import { patternText } from './matcher-operands.ts';

const reason = (what: string) =>
  z
    .string()
    .trim()
    .refine((text) => text !== '', `${what} needs a reason`);

/** `skip: why` */
export const skip = z
  .union([
    reason('a skip').refine((text) => text !== '', 'a skip needs a reason: skip: why'),
    z.literal(false).transform(() => undefined),
    z
      .literal(true)
      .refine(() => false, 'a skip needs a reason: skip: why')
      .transform(() => undefined),
  ])
  .meta({ takes: 'text' });

const day = z
  .union([z.string(), z.date().transform((date) => date.toISOString().slice(0, 10))])
  .refine(isDay, 'expected the last day it holds, as in 2027-01-31')
  .meta({ takes: 'day, YYYY-MM-DD' });

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `waive: {reason, until}` */
export const waive: z.ZodType<Waiver> = z.strictObject({
  reason: reason('a waiver').describe('why it is accepted that it does not pass'),
  until: day.describe('the last day on which that is so'),
});

const selector = z.union([z.string().min(1), z.number().transform(String)]);
const selectors = z
  .union([z.array(selector).min(1), selector.transform((one) => [one])])
  .superRefine((all, context) => {
    for (const one of all) {
      try {
        patternOf(one);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        context.addIssue({ code: 'custom', message, input: one });
      }
    }
  })
  .meta({ takes: 'text or list of texts' });

/** Where a check is meant for; all given keys must hold. */
export interface Only {
  readonly platform?: readonly string[] | undefined;
  readonly suite?: readonly string[] | undefined;
  /** Command on the instance. */
  readonly if?: string | undefined;
  readonly why?: string | undefined;
}

export const only: z.ZodType<Only> = z
  .strictObject(
    {
      platform: selectors.optional().describe('names or /patterns/ of platforms it is meant for'),
      suite: selectors.optional().describe('names or /patterns/ of suites it is meant for'),
      if: z
        .string()
        .trim()
        .min(1)
        .optional()
        .describe('command on the instance; anything but exit 0 skips the check'),
      why: reason('only').optional().describe("the reason, must be given beside 'if'"),
    },
    mapWanted('{platform: debian-12}'),
  )
  .refine((given) => given.platform !== undefined || given.suite !== undefined || given.if !== undefined, {
    message: "give 'platform', 'suite' or 'if'",
  })
  .refine((given) => given.if === undefined || given.why !== undefined, {
    message: 'a condition needs a reason beside it: why: …, which is shown when it skips the check',
    path: ['why'],
  });

function patternOf(text: string): RegExp | undefined {
  const parts = patternText(text);
  return parts && new RegExp(parts.source, parts.flags.replace(/[gy]/g, ''));
}

/**
 * Names of `only` that are none in the whole kitchen, and patterns that match none but nearly do. A pattern such as
 * /^ubuntu/ may wait for a platform that is yet to come. Pure.
 */
export function meantForNobody(
  given: Only,
  { suites, platforms }: { readonly suites: readonly string[]; readonly platforms: readonly string[] },
): readonly {
  readonly key: 'platform' | 'suite';
  readonly text: string;
  readonly known: readonly string[];
}[] {
  const keys = [
    { key: 'platform', known: platforms },
    { key: 'suite', known: suites },
  ] as const;
  return keys.flatMap(({ key, known }) =>
    (given[key] ?? []).filter((text) => isStranger(text, known)).map((text) => ({ key, text, known })),
  );
}

function isStranger(text: string, known: readonly string[]): boolean {
  if (text.includes('${')) return false;
  const pattern = patternOf(text);
  if (!pattern) return !known.includes(text);
  if (known.some((name) => pattern.test(name))) return false;
  const letters = pattern.source.replace(/[^\w-]/g, '');
  return didYouMean(letters, [...known, ...known.map((name) => name.replace(/-.*/, ''))]) !== undefined;
}

/** Why the check is not meant for this instance, or undefined when it is. Names are exact or `/patterns/`. Pure. */
export function notMeantFor(
  given: Only,
  instance: { readonly suite?: string | undefined; readonly platform?: string | undefined },
): string | undefined {
  for (const key of ['platform', 'suite'] as const) {
    const wanted = given[key];
    const name = instance[key];
    if (wanted === undefined || name === undefined) continue;
    if (wanted.some((one) => patternOf(one)?.test(name) ?? one === name)) continue;
    return `only on ${key} ${wanted.join(', ')}${given.why === undefined ? '' : `: ${given.why}`}`;
  }
  return undefined;
}
