import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { Engine } from '../docker/connect.ts';
import { isNotFound, toDockerError } from '../docker/errors.ts';
import { cacheLabels } from '../docker/labels.ts';
import { buildImage, type ContextFile } from './build.ts';
import { localRecipe, parseImage } from './catalogue.ts';
import { debianRootfs } from './debootstrap.ts';
import { checkImageName } from './image-name.ts';
import { withLock } from './lock.ts';
import { type PullOutcome, pullImage } from './pull.ts';
import { localTag, movingTag, type Recipe, recipeHash, recipeOrThrow } from './recipes.ts';

export interface EnsureOptions {
  /** `missing`: pull only what is not there. `always`: ask the registry first. `never`: neither pull nor build. */
  readonly policy: 'missing' | 'always' | 'never';
  readonly cacheDir: string;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** e.g. `linux/amd64`; only pulls honour it. */
  readonly platform?: string;
}

export interface EnsuredImage {
  /** Content id of the image on the engine, `sha256:…`. */
  readonly id: string;
  /** The reference to run; differs from `requested` when a local build stands in. */
  readonly ref: string;
  readonly requested: string;
  readonly source: 'present' | 'pulled' | 'built';
  /** Registry digest when there is one, else the id. */
  readonly digest: string;
}

/**
 * Gets an image onto the engine: what is there is used, else it is pulled, else built from a local recipe. Safe when
 * several processes want the same one. Throws `image.unavailable` with what was tried.
 */
export async function ensureImage(
  engine: Engine,
  ref: string,
  options: EnsureOptions,
): Promise<EnsuredImage> {
  const recipe = localRecipe(ref);
  if (options.policy !== 'always') {
    const present = await presentImage(engine, ref, recipe);
    if (present) return { ...present, requested: ref, source: 'present' };
  }
  if (options.policy === 'never') throw unavailable(ref, ['pull policy is `never`'], recipe);
  const isOurs = parseImage(ref).path.startsWith('galley/');
  const pulled: PullOutcome = isOurs
    ? { kind: 'refused', reason: 'not kept in a registry' }
    : await pullImage(engine, ref, options);
  if (pulled.kind === 'pulled') {
    const image = await inspected(engine, ref);
    if (image) return { ...image, requested: ref, source: 'pulled' };
  }
  const reasons = pulled.kind === 'pulled' ? ['pulled, but not there'] : [`pull: ${pulled.reason}`];
  const fallback = await presentImage(engine, ref, recipe);
  if (fallback) return { ...fallback, requested: ref, source: 'present' };
  if (!recipe) throw unavailable(ref, [...reasons, 'build: no local recipe makes this image'], recipe);
  options.onProgress(`no registry has ${ref} for us, building ${movingTag(recipe)} locally`);
  const built = await ensureRecipe(engine, recipe, options);
  return { ...built, requested: ref };
}

/** The image that is already there: under its own name, or as the current build of its recipe. */
async function presentImage(
  engine: Engine,
  ref: string,
  recipe: Recipe | undefined,
): Promise<Found | undefined> {
  const asked =
    parseImage(ref).path.startsWith('galley/') && recipe ? undefined : await inspected(engine, ref);
  return asked ?? (recipe && (await inspected(engine, localTag(recipe))));
}

export interface RecipeOptions extends Pick<EnsureOptions, 'cacheDir' | 'onProgress' | 'signal'> {
  /** Builds even if the current build is there. */
  readonly force?: boolean;
}

/** Builds a recipe, and what it stands on, unless its current build is there. */
export async function ensureRecipe(
  engine: Engine,
  recipe: Recipe,
  options: RecipeOptions,
): Promise<Found & { readonly source: 'present' | 'built' }> {
  const tag = localTag(recipe);
  const present = options.force ? undefined : await inspected(engine, tag);
  if (present) return { ...present, source: 'present' };
  if ('recipe' in recipe.base) {
    await ensureRecipe(engine, recipeOrThrow(recipe.base.recipe), { ...options, force: false });
  }
  const onWait = (pid: number) =>
    options.onProgress(`process ${pid} is building ${movingTag(recipe)}, waiting`);
  const lockFolder = join(options.cacheDir, 'locks');
  return withLock(lockFolder, `image-${recipe.name}`, { signal: options.signal, onWait }, async () => {
    const meanwhile = options.force ? undefined : await inspected(engine, tag);
    if (meanwhile) return { ...meanwhile, source: 'present' as const };
    await buildRecipe(engine, recipe, options);
    const built = await inspected(engine, tag);
    if (!built) throw new Error(`${tag} was built but is not there`);
    return { ...built, source: 'built' as const };
  });
}

async function buildRecipe(engine: Engine, recipe: Recipe, options: RecipeOptions): Promise<void> {
  const files: Record<string, ContextFile> = {};
  for (const [name, text] of Object.entries(recipe.files)) files[name] = { text };
  let tar: string | undefined;
  try {
    if ('suite' in recipe.base) {
      tar = await debianRootfs(recipe.base.suite, { ...options, arch: engine.info.arch });
      files['rootfs.tar'] = { localFile: tar };
    }
    const base = 'recipe' in recipe.base ? localTag(recipeOrThrow(recipe.base.recipe)) : 'scratch';
    await buildImage(
      engine,
      {
        title: movingTag(recipe),
        network: !('suite' in recipe.base),
        tags: [localTag(recipe), movingTag(recipe)],
        dockerfile: recipe.dockerfile.replace(/^FROM base$/m, `FROM ${base}`),
        files,
        labels: {
          ...cacheLabels('image'),
          'galley-cache.recipe': recipe.name,
          'galley-cache.version': recipeHash(recipe),
          'galley-cache.built-at': new Date().toISOString(),
        },
      },
      options,
    );
  } finally {
    if (tar !== undefined) await rm(tar, { force: true });
  }
}

interface Found {
  readonly id: string;
  readonly ref: string;
  readonly digest: string;
}

/** Undefined when the engine does not have the image. Throws `image.bad_name` for what cannot name one. */
export async function inspected(engine: Engine, ref: string): Promise<Found | undefined> {
  checkImageName(ref);
  try {
    const image = await engine.docker.getImage(ref).inspect();
    return { id: image.Id, ref, digest: image.RepoDigests?.[0]?.split('@')[1] ?? image.Id };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw toDockerError(error, `look for image ${ref}`);
  }
}

function unavailable(ref: string, reasons: readonly string[], recipe: Recipe | undefined): GalleyError {
  return new GalleyError({
    code: 'image.unavailable',
    kind: 'infrastructure',
    message: `image ${ref} cannot be had`,
    details: reasons,
    hint: recipe
      ? `build it with \`galley images build ${recipe.name}\``
      : 'check the name, `docker pull` it where a registry answers and `docker load` it here, or name another `image:`; `galley images list` shows what is there',
  });
}
