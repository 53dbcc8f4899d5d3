const WAIT_MS = 20;

/** Answers many questions by few: those that come within 20 ms of each other are asked together. */
export interface Batch<T> {
  /** Asks about one, no earlier than `notBefore` (milliseconds from now) unless others ask sooner. */
  ask(id: string, notBefore?: number): Promise<T | undefined>;
}

interface Waiting<T> {
  readonly id: string;
  readonly resolve: (value: T | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * `load` gets at most `max` different ids and gives what it knows of them by id. When it throws, all that were asked
 * about then get the error. One timer for all: who would be served later is served with the first.
 */
export function createBatch<T>(
  load: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  max: number,
): Batch<T> {
  let waiting: Waiting<T>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;

  const serve = async (): Promise<void> => {
    const now = waiting;
    waiting = [];
    timer = undefined;
    dueAt = Number.POSITIVE_INFINITY;
    const ids = [...new Set(now.map((one) => one.id))];
    for (let at = 0; at < ids.length; at += max) {
      const part = ids.slice(at, at + max);
      const asked = now.filter((one) => part.includes(one.id));
      try {
        const found = await load(part);
        for (const one of asked) one.resolve(found.get(one.id));
      } catch (error) {
        for (const one of asked) one.reject(error);
      }
    }
  };

  return {
    ask(id, notBefore = 0) {
      const due = Date.now() + Math.max(notBefore, WAIT_MS);
      return new Promise((resolve, reject) => {
        waiting.push({ id, resolve, reject });
        if (due >= dueAt) return;
        clearTimeout(timer);
        dueAt = due;
        timer = setTimeout(() => void serve(), due - Date.now());
      });
    },
  };
}
