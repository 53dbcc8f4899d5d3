import { z } from 'zod';

/** The option of transports whose machines may reach services on the caller's side by themselves. */
export const serviceAddress = z
  .string()
  .regex(/^(?:auto|(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4})$/, {
    error: 'is neither an IPv4 address of this machine nor auto',
  })
  .optional()
  .describe(
    "IPv4 address of this machine at which instances reach a suite's services; `auto`: the one that it has towards them",
  );
