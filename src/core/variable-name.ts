import { z } from 'zod';

/** Name of an environment variable: what the kernel and shells can tell apart from its value. */
export const variableName = z
  .string()
  .regex(/^[^=\s\p{Cc}]+$/u, 'is not the name of a variable: it must not be empty or hold "=" or spaces');
