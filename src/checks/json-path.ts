/** The value at `items[0].name` (keys with dots or brackets in quotes: `["a.b"].c`); undefined when there is none. */
export function atPath(value: unknown, path: string): unknown {
  return within(value, keysOf(path) ?? []);
}

/** What is wrong with a path, or undefined. A path that is read wrongly leads nowhere, and `absent` would hold. Pure. */
export function pathProblem(path: string): string | undefined {
  if (path.includes('${')) return undefined;
  const keys = keysOf(path);
  if (keys === undefined)
    return `cannot read the path: write it as in items[0].name, odd keys as in ["a.b"].c`;
  return /(^|\.|\[)\*(?=$|[.\]])/.test(path.replace(QUOTED, '[q]'))
    ? `'*' stands for nothing in a path: ask each by its position, or the list with {each: …}`
    : undefined;
}

const QUOTED = /\["[^"]*"\]|\['[^']*'\]/g;
const SEGMENT = /\.?(?:\["([^"]*)"\]|\['([^']*)'\]|\[(-?\d+)\])|(?:^|\.)([^.[\]]+)/y;

function keysOf(path: string): readonly string[] | undefined {
  // `$` as JSONPath has it, a dot as jq has it.
  const bare = path.replace(/^\$(?=[.[]|$)/, '').replace(/^\.(?!\.)/, '');
  const keys: string[] = [];
  SEGMENT.lastIndex = 0;
  // The expression keeps the place where the last segment ended.
  if (bare.startsWith('.')) return undefined;
  while (SEGMENT.lastIndex < bare.length) {
    const at = SEGMENT.lastIndex;
    const found = SEGMENT.exec(bare);
    if (!found || SEGMENT.lastIndex === at) return undefined;
    keys.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
  }
  return keys;
}

function within(value: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    if (key === 'length') return within(value.length, rest);
    return within(value[Number(key) < 0 ? value.length + Number(key) : Number(key)], rest);
  }
  // Keys with dots in them may be written without quotes, as `log.level` of an ini file.
  for (let end = 1; end <= keys.length; end += 1) {
    const joined = keys.slice(0, end).join('.');
    if (!Object.hasOwn(value, joined)) continue;
    const found = within((value as Record<string, unknown>)[joined], keys.slice(end));
    if (found !== undefined) return found;
  }
  return undefined;
}
