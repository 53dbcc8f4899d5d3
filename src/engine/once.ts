/** Shares work between the instances of one run: the first caller does it, the others wait for the same result. */
export function createOnce(): <T>(key: string, make: () => Promise<T>) => Promise<T> {
  const results = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: () => Promise<T>): Promise<T> => {
    let result = results.get(key);
    if (result === undefined) {
      result = make();
      results.set(key, result);
    }
    return result as Promise<T>;
  };
}
