import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The corpus may be read-only, and lacks the empty files that the repository had. */
export async function workingCopy(folder: string) {
  const parent = await realpath(await mkdtemp(path.join(tmpdir(), 'galley-corpus-')));
  const cwd = path.join(parent, path.basename(folder));
  await cp(folder, cwd, { recursive: true, filter: (file) => !file.endsWith('diagnose.yml') });
  const tree = (await textOf(folder, 'tree.txt')) ?? '';
  for (const line of tree.split('\n').filter((one) => one !== '' && !one.startsWith('..'))) {
    await mkdir(path.join(cwd, line.endsWith('/') ? line : path.dirname(line)), { recursive: true }).catch(
      () => undefined,
    );
    if (!line.endsWith('/')) await writeFile(path.join(cwd, line), '').catch(() => undefined);
  }
  return { cwd, clean: () => rm(parent, { recursive: true, force: true }) };
}

/** The variables in force in a case. */
export async function envOf(folder: string): Promise<Record<string, string>> {
  const lines = ((await textOf(folder, 'env')) ?? '').split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** A file of a case, or undefined. */
export function textOf(folder: string, file: string): Promise<string | undefined> {
  return readFile(path.join(folder, file), 'utf8').catch(() => undefined);
}
