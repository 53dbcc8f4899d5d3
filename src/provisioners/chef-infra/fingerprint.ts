import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ActionContext } from '../../core/action-context.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import { listFiles, sha256 } from '../../local/local-files.ts';
import { plannedFiles } from './planned-files.ts';
import { prepareChef } from './prepare.ts';
import type { ChefInfraSettings } from './settings.ts';

/** Digest of all that a converge would send: cookbooks, data, generated configuration, `uploads`. */
export async function fingerprintChef(
  ctx: ActionContext<ChefInfraSettings>,
  host: PluginHost,
): Promise<string> {
  const files = plannedFiles(ctx, await prepareChef(ctx, host)).map((file) => [
    file.path,
    file.mode,
    file.sha256,
  ]);
  const uploads = await Promise.all(
    Object.entries(ctx.config.uploads).map(async ([local, remote]) => [
      remote,
      await contentOf(resolve(ctx.root, local)),
    ]),
  );
  return sha256(JSON.stringify([files, uploads]));
}

async function contentOf(path: string): Promise<unknown> {
  const isFile = (await stat(path).catch(() => undefined))?.isFile() ?? false;
  if (isFile) return sha256(await readFile(path));
  return (await listFiles(path)).map((file) => [file.path, file.mode, file.sha256]);
}
