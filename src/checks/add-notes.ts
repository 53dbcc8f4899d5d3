import type { CheckResult } from '../core/check.ts';

/** The results with the notes added to the first one that did not pass. */
export function addNotes(results: readonly CheckResult[], notes: readonly string[]): readonly CheckResult[] {
  const at = results.findIndex((result) => result.outcome !== 'pass');
  if (notes.length === 0 || at < 0) return results;
  return results.map((result, index) =>
    index === at ? { ...result, notes: [...(result.notes ?? []), ...notes] } : result,
  );
}
