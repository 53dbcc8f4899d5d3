import { parseItem } from '../checks/parse-item.ts';
import type { Verifier } from '../core/verifier.ts';
import type { Converted, Draft, Gap } from './draft.ts';
import { asText } from './values.ts';

const NOWHERE = { locate: () => undefined, pathPrefix: [] };

/** Why our own check types would refuse the item; undefined when they take it. */
export function refusal(item: unknown, verifiers: ReadonlyMap<string, Verifier>): string | undefined {
  const parsed = parseItem(item, 0, verifiers, NOWHERE);
  return 'errors' in parsed ? parsed.errors.map(({ message }) => message).join('; ') : undefined;
}

/** Drafts that a check type refuses become gaps: what is written out can be used as it is. */
export function fitting(converted: Converted, verifiers: ReadonlyMap<string, Verifier>): Converted {
  const drafts: Draft[] = [];
  const gaps: Gap[] = [...converted.gaps];
  for (const draft of converted.drafts) {
    const why = refusal(draft.item, verifiers);
    if (why === undefined) drafts.push(draft);
    else gaps.push({ file: converted.file, line: draft.line, what: draft.what ?? 'a check', why });
  }
  return { ...converted, drafts, gaps: gaps.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** Files that are converted together go into one list, in which an id stands once. */
export function withDistinctIds(all: readonly Converted[]): readonly Converted[] {
  const used = new Set<unknown>();
  return all.map((one) => ({
    ...one,
    drafts: one.drafts.map((draft) => {
      const { id } = draft.item;
      if (id === undefined) return draft;
      let own = asText(id);
      for (let number = 2; used.has(own); number += 1) own = `${asText(id)}-${number}`;
      used.add(own);
      return own === id ? draft : { ...draft, item: { ...draft.item, id: own } };
    }),
  }));
}
