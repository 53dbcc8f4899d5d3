import { readFile } from 'node:fs/promises';
import type { InstanceConfig } from '../core/kitchen.ts';
import { cookbookFilesOf, foldersIn, type LinkedFolders } from '../plan/cookbook-files.ts';

/** Reads where the instances' Berksfiles and Policyfiles take cookbooks from; a file that is not there leads nowhere. */
export async function linkedFolders(
  instances: readonly InstanceConfig[],
  root: string,
): Promise<LinkedFolders> {
  const files = new Set(instances.flatMap((config) => cookbookFilesOf(config, root)));
  const read = async (file: string): Promise<readonly [string, readonly string[]]> => [
    file,
    foldersIn(await readFile(file, 'utf8').catch(() => ''), file),
  ];
  return new Map(await Promise.all([...files].map(read)));
}
