import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import { makeFolder } from '../reporters/formats/make-folder.ts';
import type { Host } from './host.ts';

/** As part of an installed Galley; in step with it after each `npm install`. */
const INSTALLED = 'node_modules/galley/docs/kitchen.schema.json';
/** Otherwise a copy beside the state. */
const OWN_COPY = '.galley/schema/kitchen.json';

/** The JSON Schema of kitchen files, as the plugins of this Galley make it. */
export async function kitchenSchemaText(host: Host): Promise<string> {
  const [{ kitchenJsonSchema }, { createPlugins }] = await Promise.all([
    import('../plan/json-schema/kitchen.ts'),
    import('../plugins.ts'),
  ]);
  return `${JSON.stringify(kitchenJsonSchema(createPlugins(host)), null, 1)}\n`;
}

/** Path, relative to the kitchen's folder, under which editors find the schema; makes a copy when there is none. */
export async function placeSchema(host: Host): Promise<string> {
  if (existsSync(join(host.cwd, INSTALLED))) return INSTALLED;
  await writeSchema(join(host.cwd, OWN_COPY), await kitchenSchemaText(host));
  return OWN_COPY;
}

/** Throws `usage.cannot_write`. */
export async function writeSchema(file: string, text: string): Promise<void> {
  try {
    makeFolder(dirname(file));
    await writeFile(file, text);
  } catch (error) {
    throw new GalleyError({
      code: 'usage.cannot_write',
      kind: 'usage',
      message: `cannot write ${file}: ${(error as Error).message}`,
      hint: 'check the path and the permissions of its folder',
      cause: error,
    });
  }
}
