import { GalleyError } from '../core/errors.ts';
import type { Engine } from '../docker/connect.ts';
import { ensureLocalClient } from './client-image.ts';
import { ensureRecipe } from './ensure.ts';
import { RECIPES } from './recipes.ts';

export interface BuildAllOptions {
  readonly cacheDir: string;
  /** `name` is the image the text is about. */
  readonly onProgress: (text: string, name: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Builds even what is there. */
  readonly force?: boolean;
  /** How many at the same time; default 2. */
  readonly concurrency?: number;
}

export interface BuiltImage {
  readonly name: string;
  readonly ref: string;
  readonly digest: string;
  readonly source: 'present' | 'built';
}

const CLIENT = 'client';
/** What `galley images build` makes when no name is given: the demo's platforms, a database, a client. */
const DEFAULT_BUILDS: readonly string[] = ['debian-12', CLIENT, 'debian-11', 'debian-13', 'postgres'];

function buildableNames(): readonly string[] {
  return [...RECIPES.keys(), CLIENT];
}

/**
 * Builds local images, some at the same time; what is there is kept unless `force`. All are tried; the first error is
 * thrown at the end. Throws `image.unknown` (usage) before anything is built.
 */
export async function buildAll(
  engine: Engine,
  names: readonly string[],
  options: BuildAllOptions,
): Promise<readonly BuiltImage[]> {
  const wanted = [...new Set(names.length > 0 ? names : DEFAULT_BUILDS)];
  const unknown = wanted.find((name) => !buildableNames().includes(name));
  if (unknown !== undefined) {
    throw new GalleyError({
      code: 'image.unknown',
      kind: 'usage',
      message: `no recipe builds an image named ${unknown}`,
      expected: buildableNames().join(', '),
      got: unknown,
      hint: 'galley images build without names builds the usual ones',
    });
  }
  const results: BuiltImage[] = [];
  const failures: unknown[] = [];
  const queue = [...wanted];
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      options.signal?.throwIfAborted();
      try {
        results.push(await build(engine, name, options));
      } catch (error) {
        options.signal?.throwIfAborted();
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 2 }, work));
  if (failures.length > 0) throw failures[0];
  return results.toSorted((a, b) => wanted.indexOf(a.name) - wanted.indexOf(b.name));
}

async function build(engine: Engine, name: string, options: BuildAllOptions): Promise<BuiltImage> {
  const common = {
    cacheDir: options.cacheDir,
    signal: options.signal,
    force: options.force ?? false,
    onProgress: (text: string) => options.onProgress(text, name),
  };
  if (name === CLIENT) {
    const client = await ensureLocalClient(engine, common);
    const source = client.source === 'built' ? 'built' : 'present';
    return { name, ref: client.ref, digest: client.digest, source };
  }
  const recipe = RECIPES.get(name);
  if (!recipe) throw new Error(`no recipe named ${name}`);
  const built = await ensureRecipe(engine, recipe, common);
  return { name, ref: built.ref, digest: built.digest, source: built.source };
}
