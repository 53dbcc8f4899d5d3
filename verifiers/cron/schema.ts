import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { count } from '../../src/checks/numbers.ts';

const attributes = {
  schedule: matcher(z.string(), { plain: true })
    .optional()
    .describe(
      "of each job: five fields or a word such as @daily; of a timer its calendar, e.g. '*-*-* 00:00:00'",
    ),
  user: matcher(z.string()).optional().describe('user of each job'),
  command: matcher(z.string(), { plain: true }).optional().describe('whole command of each job'),
  file: matcher(z.string(), { plain: true })
    .optional()
    .describe('where each is written; of a timer its name'),
  count: matcher(count).optional().describe('number of jobs that run it'),
};

const fragment = z.string().trim().min(1, 'expected a part of the command');

export const cronSpec = z
  .strictObject({
    cron: z
      .union([
        fragment.transform((command) => ({ command })),
        z
          .strictObject({
            command: fragment.optional().describe('part of the command'),
            user: z.string().optional().describe('only jobs of this user'),
            file: z.string().optional().describe('only jobs of this file or timer'),
          })
          .refine((given) => Object.keys(given).length > 0, 'give command, user or file'),
      ])
      .describe('part of the command, or {command, user, file}'),
    exists: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine(...absentAlone<{ exists?: boolean | undefined }>('exists', attributes, 'a job'));

export type CronSpec = z.infer<typeof cronSpec>;
