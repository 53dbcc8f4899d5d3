import { z } from 'zod';

/** What a lock file says of the process that holds it. */
export const Holder = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Kernel start time of the process in clock ticks, so that a recycled pid is not taken for the holder. */
  started: z.string().optional(),
  doing: z.string(),
});
export type Holder = z.infer<typeof Holder>;
