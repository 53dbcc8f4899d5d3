export interface Turns<K, V> {
  /** To be called as each finishes, in any order. */
  done(key: K, value: V): void;
  /** Tells what finished behind something that never will. */
  flush(): void;
}

/** Tells finished things in the order of `keys`: each as soon as it and all before it are there. */
export function inTurn<K, V>(keys: readonly K[], tell: (value: V) => void): Turns<K, V> {
  const waiting = new Map<K, V>();
  const left = [...keys];
  const tellFirst = (): boolean => {
    const [key] = left;
    if (key === undefined || !waiting.has(key)) return false;
    left.shift();
    tell(waiting.get(key) as V);
    return waiting.delete(key);
  };
  return {
    done(key, value) {
      waiting.set(key, value);
      while (tellFirst());
    },
    flush() {
      for (const key of left.splice(0)) {
        if (waiting.has(key)) tell(waiting.get(key) as V);
      }
      waiting.clear();
    },
  };
}
