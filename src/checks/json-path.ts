/** The value at `items[0].name` (keys with dots or brackets in quotes: `["a.b"].c`); undefined when there is none. */
export function atPath(value: unknown, path: string): unknown {
  let at = value;
  for (const key of pathKeys(path)) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (Array.isArray(at))
      at = key === 'length' ? at.length : at[Number(key) < 0 ? at.length + Number(key) : Number(key)];
    else at = Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  }
  return at;
}

function pathKeys(path: string): string[] {
  const bare = path.replace(/^\$\.?/, '');
  return [...bare.matchAll(/\["([^"]*)"\]|\['([^']*)'\]|\[(-?\d+)\]|([^.[\]]+)/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? found[4] ?? '',
  );
}
