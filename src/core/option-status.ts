import { z } from 'zod';

/** An option that the peer's plugins have and that has no work to do here: any value is accepted. `why` is a clause. */
export function unneeded(why: string): z.ZodOptional<z.ZodUnknown> {
  return z.unknown().optional().meta({ unneeded: why });
}

/** An option that would change what is tested if it were ignored; `instead` says what to write. */
export function unsupported(instead: string): z.ZodOptional<z.ZodUndefined> {
  return z
    .undefined({ error: `is not supported: ${instead}` })
    .optional()
    .meta({ unsupported: instead });
}

export type OptionStatus =
  | { readonly status: 'honoured'; readonly text: string | undefined }
  /** `text`: why there is nothing to do, or what to write instead. */
  | { readonly status: 'accepted' | 'refused'; readonly text: string };

/** What happens to an option, by the schema of its value; a description may say it, too: `accepted; WHY`. */
export function optionStatus(schema: z.ZodType): OptionStatus {
  const { unneeded: why, unsupported: instead } = schema.meta() ?? {};
  if (typeof why === 'string') return { status: 'accepted', text: why };
  if (typeof instead === 'string') return { status: 'refused', text: instead };
  const [accepted, reason] = /^accepted(?:[;,:] (.*))?$/s.exec(schema.description ?? '') ?? [];
  if (accepted !== undefined) return { status: 'accepted', text: reason ?? 'nothing depends on it here' };
  return { status: 'honoured', text: schema.description };
}
