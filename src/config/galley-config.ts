import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GalleyError } from '../core/errors.ts';
import { pathFrom } from '../core/paths.ts';
import { GALLEY_PLACES } from './galley-places.ts';
import { type Layer, parseLayer, type ReadContext } from './read-layer.ts';
import { createOpaqueSource } from './source-file.ts';
import { fromPlain, type MapNode } from './tree.ts';

/**
 * The additional places for a kitchen's configuration, through cosmiconfig: `galley.config.*` and the key `galley` of
 * package.json. YAML and JSON keep the place of each value; of a JavaScript or TypeScript module only the file is
 * known. Undefined when none of them has a configuration.
 */
export async function readGalleyConfig(context: ReadContext): Promise<Layer | undefined> {
  const { cosmiconfig } = await import('cosmiconfig');
  const asModule = async (file: string) => ({ module: await importDefault(file, context) });
  const options: Parameters<typeof cosmiconfig>[1] = {
    searchPlaces: [...GALLEY_PLACES],
    searchStrategy: 'none',
    cache: false,
    loaders: {
      '.yml': asText,
      '.yaml': asText,
      '.json': asText,
      '.js': asModule,
      '.mjs': asModule,
      '.ts': asModule,
    },
    // What is found is not the data yet, so package.json is looked into here and not by cosmiconfig.
    packageProp: [],
  };
  // It looks for settings of its own in package.json.
  const explorer = orModuleError('package.json', () => cosmiconfig('galley', options));
  for (const place of GALLEY_PLACES) {
    const layer = await readPlace(path.join(context.root, place), explorer, context);
    if (layer) return layer;
  }
  return undefined;
}

const asText = (_file: string, content: string) => ({ content });

async function readPlace(
  file: string,
  explorer: { load(file: string): Promise<{ config: unknown } | null> },
  context: ReadContext,
): Promise<Layer | undefined> {
  const label = pathFrom(context.root, file);
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  const content = isFile ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
  if (content === undefined) return undefined;
  if (path.basename(file) === 'package.json') return packageLayer(file, label, content, context);
  const config = (await explorer.load(file))?.config as { content?: string; module?: unknown } | undefined;
  if (config?.content !== undefined) return parseLayer(file, label, config.content, context);
  const place = { source: createOpaqueSource(file, label), offset: 0 };
  const root = orModuleError(label, () => fromPlain(config?.module, place));
  if (root.kind !== 'map') throw notAMapping(label);
  return { file, root, anchorKeys: new Set() };
}

async function packageLayer(
  file: string,
  label: string,
  content: string,
  context: ReadContext,
): Promise<Layer | undefined> {
  if (!content.includes('"galley"')) return undefined;
  const { root } = await parseLayer(file, label, content, context);
  const entry = root.entries.get('galley');
  if (!entry) return undefined;
  if (entry.value.kind !== 'map') throw notAMapping(`"galley" in ${label}`);
  return { file, root: entry.value satisfies MapNode, anchorKeys: new Set() };
}

async function importDefault(file: string, context: ReadContext): Promise<unknown> {
  const label = pathFrom(context.root, file);
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
    const value = loaded.default;
    return await (typeof value === 'function' ? (value as () => unknown)() : value);
  } catch (error) {
    throw moduleFailed(label, error);
  }
}

/** A getter may throw, and a value may hold itself. */
function orModuleError<T>(label: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw moduleFailed(label, error);
  }
}

function moduleFailed(label: string, cause: unknown): GalleyError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const why = cause instanceof RangeError ? 'a value holds itself' : said;
  return new GalleyError({
    code: 'config.module_failed',
    kind: 'config',
    message: `${label} cannot be loaded: ${why}`,
    location: { file: label },
    hint: 'correct it, or choose another file with --config',
    cause,
  });
}

function notAMapping(label: string): GalleyError {
  return new GalleyError({
    code: 'config.not_a_mapping',
    kind: 'config',
    message: `${label} must be a mapping with keys such as driver, platforms and suites`,
    location: { file: label },
    hint: 'galley init writes a first kitchen.yml in an empty folder',
  });
}
