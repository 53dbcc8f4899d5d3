/** `1 check`, `3 checks`; `many` where an s alone does not make the plural. */
export function plural(count: number, one: string, many?: string): string {
  return `${count} ${noun(count, one, many)}`;
}

/** The word alone: `check`, `checks`. */
export function noun(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}
