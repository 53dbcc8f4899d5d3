import type { Ended } from './run-alone.ts';

export interface Looked {
  /** How each file ended for good, in the given order. */
  readonly ended: readonly Ended[];
  /** The first look at those that failed beside others and passed alone. */
  readonly flaky: readonly Ended[];
}

/**
 * Runs failed files once more, alone and one after the other: a file that then passes met a race, which is to be told
 * and not to be hidden, and what it tests works. When more than `most` failed it is no race, and nothing is repeated.
 */
export async function secondLook(
  first: readonly Ended[],
  { most, run }: { readonly most: number; readonly run: (file: string) => Promise<Ended> },
): Promise<Looked> {
  const failed = first.filter(({ fail }) => fail > 0);
  if (failed.length > most) return { ended: first, flaky: [] };
  const again = new Map<string, Ended>();
  for (const { file } of failed) again.set(file, await run(file));
  return {
    ended: first.map((one) => again.get(one.file) ?? one),
    flaky: failed.filter(({ file }) => again.get(file)?.fail === 0),
  };
}
