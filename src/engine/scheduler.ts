/**
 * Order in which to start instances: the longest known first, so that no long one is left alone at the end;
 * unknown ones count as longest, in config order.
 */
export function longestFirst<T extends { readonly name: string }>(
  items: readonly T[],
  seconds: Readonly<Record<string, number>>,
): readonly T[] {
  const weight = (item: T): number => seconds[item.name] ?? Number.POSITIVE_INFINITY;
  return items
    .map((item, index) => ({ item, index }))
    .toSorted((a, b) => compare(weight(b.item), weight(a.item)) || a.index - b.index)
    .map(({ item }) => item);
}

/** Infinity minus Infinity is NaN, so no subtraction. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * Runs `work` over all items, at most `limit` at a time, in order of start. `work` must not throw. An item with a gate
 * is passed over until that has resolved, which the work on items before it must bring about; it must not reject.
 */
export async function runLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
  gateOf: (item: T) => Promise<unknown> | undefined = () => undefined,
): Promise<void> {
  const queue = items.map((item) => {
    const waiting = { item, gate: gateOf(item) };
    void waiting.gate?.then(() => (waiting.gate = undefined));
    return waiting;
  });
  const worker = async (): Promise<void> => {
    while (queue.length > 0) {
      const at = queue.findIndex(({ gate }) => gate === undefined);
      const [next] = at === -1 ? [] : queue.splice(at, 1);
      if (next) await work(next.item);
      else await Promise.race(queue.flatMap(({ gate }) => gate ?? []));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
}
