import { z } from 'zod';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { count } from '../../src/checks/numbers.ts';
import { type ResourcePattern, resourcePattern } from '../../src/core/resource-pattern.ts';

const pattern = z
  .string()
  .transform((text, context): ResourcePattern => {
    try {
      return resourcePattern(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message, input: text });
      return z.NEVER;
    }
  })
  .meta({ takes: 'text' });

export const idempotentSpec = z.strictObject({
  idempotent: z.literal(true).describe('true'),
  updatedResources: matcher(count)
    .optional()
    .describe('number of resources that a further converge changes, without the excepted ones; default: 0'),
  except: z
    .array(pattern)
    .optional()
    .describe('resources that may change in every run, such as execute[date], or /regular expressions/'),
});

export type IdempotentSpec = z.infer<typeof idempotentSpec>;
