import type { CheckDeclaration } from '../core/check.ts';
import { addNotes } from './add-notes.ts';
import type { Attempt } from './attempt.ts';
import { redactText } from './redact.ts';

/**
 * The last attempt of a check that failed, with the nearest evidence that its type can find. Looked for once, not at each
 * attempt. What goes wrong with that is not told: the failure itself is what matters. Throws only when aborted.
 */
export async function explained(
  ended: Attempt,
  { redact }: CheckDeclaration,
  signal: AbortSignal,
): Promise<Attempt> {
  if (ended.outcome !== 'fail' || ended.explain === undefined || redact === 'all') return ended;
  try {
    const lines = await ended.explain();
    return { ...ended, results: addNotes(ended.results, lines.map(redactText)) };
  } catch {
    signal.throwIfAborted();
    return ended;
  }
}
