import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseDuration } from '../../src/checks/duration.ts';
import { matcher, textMatcher } from '../../src/checks/matcher-schema.ts';
import type { Matcher } from '../../src/checks/matchers.ts';
import { count } from '../../src/checks/numbers.ts';
import { unitName } from '../../src/checks/unit-name.ts';
import { LEVELS, levelNamed } from './levels.ts';

/** Where a look begins. `at`: seconds since the epoch; `ago`: milliseconds before the look. */
export type Since =
  | { readonly kind: 'converge' | 'check' | 'ever' }
  | { readonly kind: 'at'; readonly seconds: number }
  | { readonly kind: 'ago'; readonly ms: number };

const since = z
  .unknown()
  .transform((raw, context): Since => {
    if (raw === 'converge' || raw === 'check' || raw === 'ever') return { kind: raw };
    if (raw instanceof Date) return { kind: 'at', seconds: raw.getTime() / 1000 };
    const ms = parseDuration(raw);
    if (ms !== undefined && ms > 0) return { kind: 'ago', ms };
    const time =
      typeof raw === 'string' && /^\d{4}-\d\d-\d\d/.test(raw) ? Date.parse(zoned(raw)) : Number.NaN;
    if (!Number.isNaN(time)) return { kind: 'at', seconds: time / 1000 };
    context.addIssue({
      code: 'custom',
      message:
        "expected converge, check, ever, a time such as '2026-01-02T03:04:05Z', or a duration such as '10m'",
      input: raw,
    });
    return z.NEVER;
  })
  .meta({ takes: 'converge, check, ever, time or duration' });

/** A time without a zone is UTC here: the caller's own zone means nothing to an instance. */
function zoned(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00Z`;
  return /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(' ', 'T')}Z`;
}

const LINE = textMatcher();

/** Patterns, each to be found in some line: a text is a part of it, `/…/` a regular expression. */
const patterns = z
  .union([z.string(), z.array(z.string()).min(1, 'an empty list asserts nothing')])
  .transform((given, context): Matcher[] => {
    const texts = typeof given === 'string' ? [given] : given;
    return texts.flatMap((text, index) => {
      const parsed = text === '' ? undefined : LINE.safeParse([text]);
      if (parsed?.success && parsed.data.kind === 'superset') return [...parsed.data.items];
      const message = parsed?.error?.issues[0]?.message ?? 'an empty text is in every line';
      context.addIssue({
        code: 'custom',
        message,
        input: text,
        path: typeof given === 'string' ? [] : [index],
      });
      return [];
    });
  })
  .meta({ takes: 'text, /pattern/ or list of them' });

const path = z
  .string()
  .regex(/^\/[^*?]*$/, 'expected an absolute path without pattern')
  .meta({ takes: 'text' });
const word = z.string().trim().min(1);

const source = z.union([
  path.transform((file) => ({ file })),
  z
    .strictObject({
      file: path.optional(),
      unit: unitName().optional(),
      companion: word.optional(),
      container: z.literal('instance').optional(),
      since: since.optional(),
    })
    .refine(
      ({ since: _since, ...one }) => Object.keys(one).length === 1,
      'name one of file, unit, companion or container: instance',
    ),
]);

const attributes = {
  contains: patterns.optional().describe('each of these is found in some line'),
  lacks: patterns.optional().describe('none of these is found in any line'),
  count: matcher(count).optional().describe('number of lines, of those that match where given'),
};

export const logSpec = z
  .strictObject({
    log: source.describe(
      'path of a file, or map: file, unit (of the journal), companion (its output) or container: instance; and since',
    ),
    since: since
      .optional()
      .describe(
        'converge (default): new since the start of the last converge; check: since verification began; ever; a time; or so long ago',
      ),
    level: z
      .string()
      .refine((text) => levelNamed(text) !== undefined, `expected one of ${LEVELS.join(', ')}`)
      .transform((text) => levelNamed(text) ?? 'debug')
      .optional()
      .describe(`only lines of this level or worse: ${LEVELS.join(', ')}`),
    matching: patterns.optional().describe('only lines in which one of these is found'),
    mayBeSilent: z
      .boolean()
      .optional()
      .describe('true: nothing new in the log is fine for lacks and count; default: an error'),
    ...attributes,
  })
  .superRefine((spec, context) => {
    if (spec.since !== undefined && 'since' in spec.log && spec.log.since !== undefined)
      context.addIssue({ code: 'custom', path: ['since'], message: "'since' is given twice" });
    const both = spec.lacks?.find((one) => spec.contains?.some((other) => isDeepStrictEqual(one, other)));
    if (both)
      context.addIssue({
        code: 'custom',
        path: ['lacks'],
        message: `impossible: 'contains' asks for what 'lacks' forbids`,
      });
    if (spec.matching && spec.count === undefined)
      context.addIssue({ code: 'custom', path: ['matching'], message: "'matching' is for 'count'" });
  });

export type LogSpec = z.infer<typeof logSpec>;

export function sinceOf(spec: LogSpec): Since {
  return spec.since ?? ('since' in spec.log ? spec.log.since : undefined) ?? { kind: 'converge' };
}

export type LogSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'unit'; readonly unit: string }
  | { readonly kind: 'companion'; readonly name: string }
  | { readonly kind: 'instance' };

export function sourceOf({ log }: LogSpec): LogSource {
  if (log.file !== undefined) return { kind: 'file', path: log.file };
  if ('unit' in log && log.unit !== undefined) return { kind: 'unit', unit: log.unit };
  if ('companion' in log && log.companion !== undefined) return { kind: 'companion', name: log.companion };
  return { kind: 'instance' };
}

/** `/var/log/syslog`, `journal of nginx`, `output of db` */
export function describeSource(source: LogSource): string {
  switch (source.kind) {
    case 'file':
      return source.path;
    case 'unit':
      return `journal of ${source.unit}`;
    case 'companion':
      return `output of ${source.name}`;
    default:
      return 'output of the instance';
  }
}
