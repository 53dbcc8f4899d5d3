import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { globToRegExp } from './ruby-glob.ts';

/** Patterns of a chefignore file, matched against paths relative to the cookbook like Chef's own chefignore. */
export function parseChefignore(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => globToRegExp(line));
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** The nearest chefignore from the cookbook's folder up to `stopAt`; ignores nothing when there is none. */
export async function loadChefignore(
  cookbookDir: string,
  stopAt: string,
): Promise<(path: string) => boolean> {
  let dir = cookbookDir;
  for (;;) {
    const text = await readFile(join(dir, 'chefignore'), 'utf8').catch(() => undefined);
    if (text !== undefined) return parseChefignore(text);
    const parent = dirname(dir);
    if (dir === stopAt || parent === dir) return () => false;
    dir = parent;
  }
}
