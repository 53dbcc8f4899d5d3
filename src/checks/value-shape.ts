import type { z } from 'zod';

/** What an attribute's observed values look like; decides which matchers make sense and what operands must be. */
export interface ValueShape {
  /** `version`: a text whose order is a package manager's; `time`: seconds since the epoch. */
  readonly kind: 'string' | 'number' | 'boolean' | 'any' | 'version' | 'time';
  /** Several values are observed. */
  readonly list: boolean;
  /** A long text: a list literal means "contains each of". */
  readonly text: boolean;
  /** `/x/` is a text, not a pattern. */
  readonly plain: boolean;
  readonly element: z.ZodType;
}
