import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** Words for a text or list in the place of a map: `expected a map such as {name: nginx}`. For the options of an object. */
export function mapWanted(example: string): { readonly error: (issue: Issue) => string | undefined } {
  return {
    error: (issue) => (issue.code === 'invalid_type' ? `expected a map such as ${example}` : undefined),
  };
}
