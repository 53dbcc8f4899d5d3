import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LoadOptions, loadKitchen } from '../../src/config/load.ts';
import { GalleyError, GalleyErrors } from '../../src/core/errors.ts';
import type { InstanceConfig, Kitchen } from '../../src/core/kitchen.ts';

interface Teardown {
  teardown(clean: () => Promise<void>): void;
}

/** A fresh folder with these files (`kitchen.yml` when only a text is given), removed after the test. */
export async function kitchenFolder(
  t: Teardown,
  files: string | Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'galley-config-')));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(
    typeof files === 'string' ? { 'kitchen.yml': files } : files,
  )) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return folder;
}

export async function loadFrom(
  t: Teardown,
  files: Parameters<typeof kitchenFolder>[1],
  options: Partial<LoadOptions> = {},
): Promise<Kitchen> {
  const cwd = await kitchenFolder(t, files);
  return loadKitchen({ cwd, env: { HOME: path.join(cwd, 'home') }, ...options });
}

/** What is wrong with these files; fails when nothing is. */
export async function findingsOf(
  t: Teardown,
  files: Parameters<typeof kitchenFolder>[1],
  options: Partial<LoadOptions> = {},
): Promise<readonly GalleyError[]> {
  try {
    await loadFrom(t, files, options);
  } catch (error) {
    if (error instanceof GalleyErrors) return error.errors;
    if (error instanceof GalleyError) return [error];
    throw error;
  }
  throw new Error('the kitchen loaded without an error');
}

export function instanceNamed(kitchen: Kitchen, name: string): InstanceConfig {
  const found = kitchen.instances.find(({ instance }) => instance.name === name);
  if (!found)
    throw new Error(`no ${name} in ${kitchen.instances.map(({ instance }) => instance.name).join(' ')}`);
  return found;
}

export function names(kitchen: Kitchen): readonly string[] {
  return kitchen.instances.map(({ instance }) => instance.name);
}

/** `file:line:column` of an error, for short assertions. */
export function placeOf(error: GalleyError | undefined): string {
  const { file, line, column } = error?.location ?? {};
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
