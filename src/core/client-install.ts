import { z } from 'zod';

/** Where a Chef or Cinc client is inside a machine, once the driver has put it there. */
export interface ClientInstall {
  readonly product: 'chef' | 'cinc';
  readonly version: string;
  /** Content digest of the image or package it came from. */
  readonly digest: string;
  /** Absolute path of chef-client / cinc-client. */
  readonly binary: string;
  /** Absolute path of a Ruby interpreter that belongs to it, when known. */
  readonly ruby?: string;
}

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
