import { slug, takeName } from '../core/slug.ts';

/** The id written in a check item. */
export function givenId(item: unknown): string | undefined {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id).trim() : undefined;
}

/** `port 80` → `port.80`, `http GET /items?q=1` → `http.get-items-q-1`; at most 60 characters. */
export function derivedId(type: string, title: string): string {
  const rest = title.startsWith(`${type} `) ? title.slice(type.length + 1) : title;
  const words = slug(rest, 60);
  return words === '' ? type : `${type}.${words}`;
}

/**
 * One id for each check: the given ones as they are, derived ones with `-2`, `-3` … where they would repeat.
 * `given` are distinct.
 */
export function uniqueIds(
  checks: readonly { readonly given: string | undefined; readonly derived: string }[],
): string[] {
  const used = new Set(checks.flatMap((check) => check.given ?? []));
  return checks.map(({ given, derived }) => given ?? takeName(used, derived));
}
