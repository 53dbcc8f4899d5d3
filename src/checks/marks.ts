import type { CheckDeclaration } from '../core/check.ts';
import type { Snapshot, SnapshotNeeds } from '../core/snapshot.ts';
import type { Mark } from '../core/surroundings.ts';
import type { Probe, Verifier } from '../core/verifier.ts';
import { mergeNeeds, sectionsOf } from './merge-needs.ts';
import { redactText } from './redact.ts';

export type Occasion = 'converge' | 'verify';
export type MarksByKey = Readonly<Record<string, Mark>>;

export interface Marking extends Pick<Probe, 'connection' | 'signal'> {
  takeSnapshot(needs: SnapshotNeeds): Promise<Snapshot>;
}

/**
 * Remembers for all checks of an occasion where things stand, in one look at the instance. What cannot be looked at
 * becomes the mark's error, for the check to tell; only an abort is thrown.
 */
export async function takeMarks(
  checks: readonly CheckDeclaration[],
  verifiers: ReadonlyMap<string, Verifier>,
  occasion: Occasion,
  marking: Marking,
): Promise<MarksByKey> {
  const wanted = new Map<string, { readonly check: CheckDeclaration; readonly verifier: Verifier }>();
  for (const check of checks) {
    const verifier = verifiers.get(check.type);
    const isMeant = check.skip === undefined && verifier?.marks?.when(check.spec) === occasion;
    if (verifier && isMeant) wanted.set(markKey(check, verifier), { check, verifier });
  }
  if (wanted.size === 0) return {};
  const { connection, signal } = marking;
  const needsOf = (check: CheckDeclaration, verifier: Verifier): SnapshotNeeds =>
    verifier.marks?.needs(check.spec) ?? {};
  const all = [...wanted];
  const snapshot = await orError(signal, () =>
    marking.takeSnapshot(mergeNeeds(all.map(([, { check, verifier }]) => needsOf(check, verifier)))),
  );
  const marks = await Promise.all(
    all.map(async ([key, { check, verifier }]): Promise<readonly [string, Mark]> => {
      if ('error' in snapshot) return [key, snapshot];
      const { value } = snapshot;
      const missing = sectionsOf(needsOf(check, verifier)).find((one) => value.errors[one] !== undefined);
      if (missing) return [key, { error: value.errors[missing] ?? '' }];
      const take = async (): Promise<unknown> =>
        verifier.marks?.take(check.spec, { connection, signal, snapshot: value });
      return [key, await orError(signal, take)];
    }),
  );
  return Object.fromEntries(marks);
}

/** The mark of a check; undefined for one that remembers nothing. */
export function markOf(check: CheckDeclaration, verifier: Verifier, marks: MarksByKey): Mark | undefined {
  return verifier.marks?.when(check.spec) === undefined ? undefined : marks[markKey(check, verifier)];
}

function markKey(check: CheckDeclaration, verifier: Verifier): string {
  return `${check.type} ${verifier.marks?.key(check.spec) ?? ''}`;
}

async function orError<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    signal.throwIfAborted();
    return { error: redactText(error instanceof Error ? error.message : String(error)) };
  }
}
