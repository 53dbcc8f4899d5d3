import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { GalleyError } from '../../core/errors.ts';
import { leadsOut } from '../../core/paths.ts';
import { type LocalFile, listFiles } from '../../local/local-files.ts';
import { loadChefignore } from './chefignore.ts';
import { type CookbookMetadata, parseMetadataJson, parseMetadataRb } from './cookbook-metadata.ts';
import { globToRegExp } from './ruby-glob.ts';

/** A cookbook on this machine, as it will be sent. */
export interface Cookbook {
  readonly name: string;
  /** Absolute path of its folder. */
  readonly dir: string;
  readonly metadata: CookbookMetadata;
  /** Absolute path of metadata.rb or metadata.json; undefined when there is none. */
  readonly metadataFile: string | undefined;
  readonly files: readonly LocalFile[];
}

/** Test Kitchen's `cookbook_files_glob`: what of a folder is cookbook. */
const COOKBOOK_FILES_GLOB = [
  'README.*',
  'VERSION',
  'metadata.{json,rb}',
  'attributes.rb',
  'recipe.rb',
  ...['attributes', 'definitions', 'files', 'libraries', 'providers', 'recipes', 'resources'].map(
    underFolder,
  ),
  ...['templates', 'ohai', 'compliance'].map(underFolder),
];

function underFolder(folder: string): string {
  return `${folder}/**/*`;
}

/** Whether a folder is a cookbook, and what its metadata says. */
export async function readMetadata(
  dir: string,
): Promise<{ readonly metadata: CookbookMetadata; readonly file: string } | undefined> {
  for (const [name, parse] of [
    ['metadata.rb', parseMetadataRb],
    ['metadata.json', parseMetadataJson],
  ] as const) {
    const file = join(dir, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    try {
      return { metadata: parse(text), file };
    } catch (cause) {
      throw new GalleyError({
        code: 'chef.bad_metadata',
        kind: 'config',
        message: `${name} of cookbook ${basename(dir)} is not valid JSON: ${(cause as Error).message}`,
        location: { file },
        hint: 'correct the file, or delete it if there is a metadata.rb beside it',
        cause,
      });
    }
  }
  return undefined;
}

/**
 * Lists and hashes a cookbook. chefignore files are honoured up to `stopAt` (the kitchen's folder).
 * `glob` is the user's `cookbook_files_glob`.
 */
export async function loadCookbook(
  dir: string,
  stopAt: string,
  glob: readonly string[] = COOKBOOK_FILES_GLOB,
): Promise<Cookbook> {
  const found = await readMetadata(dir);
  const wanted = await isSentOf(dir, stopAt, glob);
  return {
    name: found?.metadata.name ?? basename(dir),
    dir,
    metadata: found?.metadata ?? { name: undefined, version: undefined, depends: [] },
    metadataFile: found?.file,
    files: await listFiles(dir, wanted),
  };
}

/** Tells of a path below a cookbook's folder whether it is sent; see `loadCookbook`. */
export async function isSentOf(
  dir: string,
  stopAt: string,
  glob: readonly string[] = COOKBOOK_FILES_GLOB,
): Promise<(path: string) => boolean> {
  const ignored = await loadChefignore(dir, leadsOut(relative(stopAt, dir)) ? dir : stopAt);
  const patterns = glob.map((pattern) => globToRegExp(pattern, { pathname: true, extglob: true }));
  return (path) => {
    // Dotfiles below files/ and templates/ are cookbook content (`files/.bashrc`) although `*` skips them in Ruby.
    const undotted = path.replaceAll(/(^|\/)\.(?=[^/])/g, '$1');
    return patterns.some((pattern) => pattern.test(path) || pattern.test(undotted)) && !ignored(path);
  };
}

/** `cookbook_files_glob` as it is given: a list, or Test Kitchen's one string, separated by commas outside braces. */
export function globsOf(given: unknown): readonly string[] | undefined {
  if (typeof given === 'string') return given.split(/,(?![^{]*\})/).map((glob) => glob.trim());
  return Array.isArray(given) ? given.map(String) : undefined;
}
