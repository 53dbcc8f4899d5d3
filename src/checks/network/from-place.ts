import { z } from 'zod';

/** `from:` of checks that try a connection or a name: where it is tried. */
export const fromPlace = z
  .string()
  .trim()
  .min(1)
  .optional()
  .describe('instance, host, or the name of a companion service; default: instance');
