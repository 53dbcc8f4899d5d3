import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { quote } from '../../core/shell-words.ts';
import { listFiles, sha256 } from '../../local/local-files.ts';
import type { PlannedFile } from '../../local/planned-file.ts';
import { calculatePath } from '../sandbox/calculate-path.ts';
import { pathMissing } from '../settings-error.ts';
import type { ShellSettings } from './settings.ts';

export interface ShellPlan {
  readonly files: readonly PlannedFile[];
  /** Shell text; undefined when there is nothing to run. */
  readonly command: string | undefined;
}

/** Finds script and data. A named script or data folder that does not exist is an error, a missing default is not. */
export async function planShell(root: string, suite: string, settings: ShellSettings): Promise<ShellPlan> {
  const prefix = settings.command_prefix ? `${settings.command_prefix} ` : '';
  const files = await dataFiles(root, suite, settings);
  const rest = settings.arguments.map((word) => ` ${quote(word)}`).join('');
  if (settings.command) return { files, command: `${prefix}${settings.command}${rest}` };
  const script = settings.script
    ? resolve(root, settings.script)
    : calculatePath(root, settings.test_base_path, suite, 'bootstrap.sh');
  if (script === undefined) return { files, command: undefined };
  if (!existsSync(script)) throw pathMissing(['script'], settings.script ?? '', script);
  const name = basename(script);
  const planned = {
    path: name,
    source: { file: script },
    mode: 0o755,
    sha256: sha256(await readFile(script)),
  };
  const path = `${settings.root_path}/${name}`;
  return { files: [...files, planned], command: `${prefix}${quote(path)}${rest}` };
}

async function dataFiles(
  root: string,
  suite: string,
  settings: ShellSettings,
): Promise<readonly PlannedFile[]> {
  const folder = settings.data_path
    ? resolve(root, settings.data_path)
    : calculatePath(root, settings.test_base_path, suite, 'data');
  if (folder === undefined) return [];
  if (!existsSync(folder)) throw pathMissing(['data_path'], settings.data_path ?? '', folder);
  const found = await listFiles(folder);
  return found.map(({ path, absolute, mode, sha256: hash }) => ({
    path: `data/${path}`,
    source: { file: absolute },
    mode,
    sha256: hash,
  }));
}
