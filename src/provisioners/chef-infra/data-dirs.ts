import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type LocalFile, listFiles, sha256 } from '../../local/local-files.ts';
import { calculatePath } from '../sandbox/calculate-path.ts';
import { pathMissing } from '../settings-error.ts';
import type { ChefInfraSettings } from './settings.ts';

/** Folders of chef-repo data, named as below the root path. */
export const DATA_DIRS = ['data', 'data_bags', 'environments', 'nodes', 'roles', 'clients'] as const;
export type DataDir = (typeof DATA_DIRS)[number];

export interface ChefData {
  readonly dirs: Readonly<Record<DataDir, readonly LocalFile[]>>;
  /** The encrypted data bag secret. */
  readonly secret: LocalFile | undefined;
}

/** Lists and hashes data bags, roles and the like for a suite. An explicit path that does not exist is an error. */
export async function loadChefData(
  root: string,
  suite: string,
  settings: ChefInfraSettings,
): Promise<ChefData> {
  const lists = await Promise.all(
    DATA_DIRS.map(async (dir) => {
      const folders = dataFolders(root, suite, settings, dir);
      const byPath = new Map<string, LocalFile>();
      for (const folder of folders) for (const file of await listFiles(folder)) byPath.set(file.path, file);
      return [dir, [...byPath.values()]] as const;
    }),
  );
  return {
    dirs: Object.fromEntries(lists) as unknown as ChefData['dirs'],
    secret: await loadSecret(root, suite, settings),
  };
}

function dataFolders(
  root: string,
  suite: string,
  settings: ChefInfraSettings,
  dir: DataDir,
): readonly string[] {
  const key = `${dir}_path` as const;
  const given = settings[key];
  if (given === undefined) {
    const found = calculatePath(root, settings.test_base_path, suite, dir);
    return found === undefined ? [] : [found];
  }
  return given.map((path, index) => {
    const folder = resolve(root, path);
    if (!existsSync(folder)) throw pathMissing(given.length === 1 ? [key] : [key, index], path, folder);
    return folder;
  });
}

async function loadSecret(
  root: string,
  suite: string,
  settings: ChefInfraSettings,
): Promise<LocalFile | undefined> {
  const key = 'encrypted_data_bag_secret_key_path';
  const given = settings[key];
  const absolute = given
    ? resolve(root, given)
    : calculatePath(root, settings.test_base_path, suite, 'encrypted_data_bag_secret_key');
  if (absolute === undefined) return undefined;
  if (!existsSync(absolute)) throw pathMissing([key], given ?? '', absolute);
  const hash = sha256(await readFile(absolute));
  return { path: 'encrypted_data_bag_secret', absolute, mode: 0o600, sha256: hash };
}
