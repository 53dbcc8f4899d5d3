import { resolve, sep } from 'node:path';

/**
 * Whether some text in a setting names a file or a folder above it, as a whole or as a word of a command
 * (`sh scripts/prepare.sh`, `./data:/srv`). Paths are absolute or relative to `root`; what names the kitchen's whole
 * folder, or one above it, names no file. `except`: folders that are judged otherwise.
 */
export function namedBy(
  setting: unknown,
  file: string,
  root: string,
  except: readonly string[] = [],
): boolean {
  return textsOf(setting).some((text) =>
    [text, ...wordsOf(text)].some((word) => {
      if (word === '') return false;
      const path = resolve(root, word);
      if (path === root || root.startsWith(path.endsWith(sep) ? path : `${path}${sep}`)) return false;
      return !except.includes(path) && (file === path || file.startsWith(`${path}${sep}`));
    }),
  );
}

/** Those that look like a path: a bare word is rarely one. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[\s"'`=:,;()&|<>]+/).filter((word) => /[./]/.test(word));
}

/** Keys count too: `uploads: {LOCAL: REMOTE}`. */
function textsOf(setting: unknown): readonly string[] {
  if (typeof setting === 'string') return [setting];
  if (typeof setting !== 'object' || setting === null) return [];
  const keys = Array.isArray(setting) ? [] : Object.keys(setting);
  return [...keys, ...Object.values(setting).flatMap(textsOf)];
}
