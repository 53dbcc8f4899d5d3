/** `1 check`, `3 checks`; `many` where an s alone does not make the plural. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
