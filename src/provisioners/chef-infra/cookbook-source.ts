import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathMissing } from '../settings-error.ts';
import type { ChefInfraSettings } from './settings.ts';

/** Where cookbooks come from. Paths are absolute. */
export type CookbookSource =
  | { readonly kind: 'policyfile'; readonly file: string; readonly policyGroup: string | undefined }
  | { readonly kind: 'berksfile'; readonly file: string }
  /** Each a cookbook or a folder of cookbooks; an earlier one wins. */
  | { readonly kind: 'folders'; readonly folders: readonly string[] };

/**
 * The first of Policyfile.rb, Berksfile, `cookbooks/` (with `site-cookbooks/` and the kitchen's own cookbook), the
 * kitchen's own cookbook: Test Kitchen's order. `cookbook_paths` and the path options come before all.
 */
export function findCookbookSource(root: string, settings: ChefInfraSettings): CookbookSource {
  const policyfile = named(root, settings, 'policyfile_path') ?? named(root, settings, 'policyfile');
  const policyGroup = settings.policy_group ?? undefined;
  if (policyfile !== undefined) return { kind: 'policyfile', file: policyfile, policyGroup };
  const berksfile = named(root, settings, 'berksfile_path');
  if (berksfile !== undefined) return { kind: 'berksfile', file: berksfile };
  if (settings.cookbook_paths !== undefined) {
    const folders = settings.cookbook_paths.map((path, index) => {
      const folder = resolve(root, path);
      if (!existsSync(folder)) throw pathMissing(['cookbook_paths', index], path, folder);
      return folder;
    });
    return { kind: 'folders', folders };
  }
  if (existsSync(join(root, 'Policyfile.rb'))) {
    return { kind: 'policyfile', file: join(root, 'Policyfile.rb'), policyGroup };
  }
  if (existsSync(join(root, 'Berksfile'))) return { kind: 'berksfile', file: join(root, 'Berksfile') };
  return { kind: 'folders', folders: ownFolders(root) };
}

/** The kitchen's own cookbook and folders of cookbooks. */
export function ownFolders(root: string): readonly string[] {
  const own = ['metadata.rb', 'metadata.json'].some((name) => existsSync(join(root, name))) ? [root] : [];
  const folders = ['cookbooks', 'site-cookbooks']
    .map((name) => join(root, name))
    .filter((path) => existsSync(path));
  return [...own, ...folders];
}

/** Under this key a source is resolved once per run. */
export function sourceKey(source: CookbookSource, settings: ChefInfraSettings): string {
  return `cookbooks\n${JSON.stringify([source, settings.cookbook_files_glob ?? null])}`;
}

type PathKey = 'policyfile_path' | 'policyfile' | 'berksfile_path';

function named(root: string, settings: ChefInfraSettings, key: PathKey): string | undefined {
  const given = settings[key];
  if (given == null || given === '') return undefined;
  const file = resolve(root, given);
  if (!existsSync(file)) throw pathMissing([key], given, file);
  return file;
}
