import { z } from 'zod';

/**
 * Name of an environment variable: what the kernel and shells can tell apart from its value. Without `\p`, since the
 * pattern is part of the JSON Schema, which editors read in several dialects.
 */
export const variableName = z
  .string()
  .regex(/^[^=\s]+$/, 'is not the name of a variable: it must not be empty or hold "=" or spaces');
