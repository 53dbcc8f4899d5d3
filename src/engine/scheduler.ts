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

/** How many items of a group may run while this one does. */
export interface Room {
  readonly group: string;
  readonly atMost: number;
}

/** What an item waits for beside its turn. */
export interface Waits<T> {
  /** The item is passed over until this has resolved, which the work on items before it must bring about; must not reject. */
  readonly gate?: (item: T) => Promise<unknown> | undefined;
  readonly room?: (item: T) => Room | undefined;
}

/** Runs `work` over all items, at most `limit` at a time, in order of start. `work` must not throw. */
export async function runLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
  { gate: gateOf, room: roomOf }: Waits<T> = {},
): Promise<void> {
  const queue = items.map((item) => {
    const waiting = { item, gate: gateOf?.(item), room: roomOf?.(item) };
    void waiting.gate?.then(() => (waiting.gate = undefined));
    return waiting;
  });
  const running = new Map<Promise<void>, string | undefined>();
  const hasRoom = (room: Room | undefined): boolean =>
    room === undefined || [...running.values()].filter((group) => group === room.group).length < room.atMost;
  const worker = async (): Promise<void> => {
    while (queue.length > 0) {
      const at = queue.findIndex(({ gate, room }) => gate === undefined && hasRoom(room));
      const [next] = at === -1 ? [] : queue.splice(at, 1);
      if (!next) {
        await Promise.race([...running.keys(), ...queue.flatMap(({ gate }) => gate ?? [])]);
        continue;
      }
      const done = work(next.item);
      running.set(done, next.room?.group);
      await done.finally(() => running.delete(done));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
}
