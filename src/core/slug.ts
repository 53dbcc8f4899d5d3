/** `GET /items?q=1` → `get-items-q-1`: lower case, words joined by dashes, at most `most` characters; may be empty. */
export function slug(text: string, most = 80): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, most)
    .replaceAll(/^-|-$/g, '');
}

/** `wanted`, or the first of `wanted-2`, `wanted-3` … that is not used yet. Adds it to `used`. */
export function takeName(used: Set<string>, wanted: string): string {
  let name = wanted;
  for (let n = 2; used.has(name); n += 1) name = `${wanted}-${n}`;
  used.add(name);
  return name;
}
