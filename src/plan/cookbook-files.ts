import { dirname, join, resolve } from 'node:path';
import type { InstanceConfig } from '../core/kitchen.ts';

/** Folders that Berksfiles and Policyfiles take cookbooks from, by the absolute path of such a file. */
export type LinkedFolders = ReadonlyMap<string, readonly string[]>;

const NAMING = ['policyfile_path', 'policyfile', 'berksfile_path'] as const;
const USUAL = ['Policyfile.rb', 'Berksfile'];

/**
 * Absolute paths of the Berksfiles and Policyfiles that an instance and its steps may take their cookbooks from: those
 * that a setting names, else the usual ones of the kitchen's folder. They need not exist.
 */
export function cookbookFilesOf(config: InstanceConfig, root: string): readonly string[] {
  const works = [config, ...(config.steps ?? []).map((step) => step.config)];
  return [...new Set(works.flatMap(({ provisioner }) => filesOf(provisioner.settings, root)))];
}

function filesOf(settings: Readonly<Record<string, unknown>>, root: string): readonly string[] {
  const named = NAMING.flatMap((key) => {
    const value = settings[key];
    return typeof value === 'string' && value !== '' ? [resolve(root, value)] : [];
  });
  if (named.length > 0) return named;
  return settings['cookbook_paths'] === undefined ? USUAL.map((name) => join(root, name)) : [];
}

/**
 * Absolute paths that a Berksfile or Policyfile leads to: `path: '../base'`, `:path => '../base'`,
 * `default_source :chef_repo, '../repo'`. They are read as text; a path that Ruby computes is not seen.
 */
export function foldersIn(text: string, file: string): readonly string[] {
  const found = text.matchAll(/(?:\bpath(?::|\s*=>)|:(?:chef_repo|delivery)\s*,)\s*(["'])(.+?)\1/g);
  return [...new Set([...found].map((match) => resolve(dirname(file), match[2] ?? '.')))];
}
