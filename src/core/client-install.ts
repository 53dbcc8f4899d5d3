import { z } from 'zod';
import type { ClientInstall } from './driver.ts';

/** A `ClientInstall` as the state file of a driver keeps it. */
export const clientRecord = z.object({
  product: z.enum(['chef', 'cinc']),
  version: z.string(),
  digest: z.string(),
  binary: z.string(),
  ruby: z.string().optional(),
});

/** What was read from a state file; a key without a value is left out. */
export function recordedClient(client: z.infer<typeof clientRecord> | undefined): ClientInstall | undefined {
  if (client === undefined) return undefined;
  const { ruby, ...rest } = client;
  return { ...rest, ...(ruby !== undefined && { ruby }) };
}
