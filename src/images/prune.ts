import type { Engine } from '../docker/connect.ts';
import { isConflict, isNotFound, toDockerError } from '../docker/errors.ts';
import { CACHE_LABEL } from '../docker/labels.ts';
import { listLabelled } from '../docker/resources.ts';
import { listImages } from './list.ts';

/** A built image, or a volume with a client, that nothing current needs. */
export interface Outdated {
  readonly kind: 'image' | 'volume';
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Pruned extends Outdated {
  readonly outcome: 'removed' | 'in use' | 'found';
}

/**
 * Builds of recipes that have changed since, and client volumes whose image is gone or outdated. What a container uses
 * is left; so is everything that was pulled. With `dryRun` nothing is removed.
 */
export async function pruneImages(
  engine: Engine,
  options: { readonly dryRun: boolean },
): Promise<readonly Pruned[]> {
  const { docker } = engine;
  try {
    const images = await listImages(engine);
    const stale = images.filter((image) => !image.current);
    const pruned: Pruned[] = [];
    for (const image of stale) {
      const found: Outdated = { kind: 'image', name: image.name, sizeBytes: image.sizeBytes };
      pruned.push(await removed(found, options.dryRun, () => docker.getImage(image.name).remove()));
    }
    const current = new Set(
      await clientIds(
        engine,
        stale.map((image) => image.name),
      ),
    );
    const volumes = await listLabelled(engine, { label: [`${CACHE_LABEL}=client`] });
    for (const { kind, name } of volumes) {
      if (kind !== 'volume') continue;
      const id = /^galley-client-([0-9a-f]{12})(?:-ok)?$/.exec(name)?.[1];
      if (id === undefined || current.has(id)) continue;
      const found: Outdated = { kind: 'volume', name, sizeBytes: 0 };
      pruned.push(await removed(found, options.dryRun, () => docker.getVolume(name).remove()));
    }
    return pruned;
  } catch (error) {
    throw toDockerError(error, 'remove outdated images');
  }
}

/** Short ids of all images on the engine that a client volume may have come from: not those with these tags only. */
async function clientIds(engine: Engine, stale: readonly string[]): Promise<readonly string[]> {
  const images = await engine.docker.listImages({ all: false });
  return images
    .filter((image) => {
      const tags = (image.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
      // Without a tag it may have been named by its digest.
      return tags.length === 0
        ? (image.RepoDigests ?? []).length > 0
        : tags.some((tag) => !stale.includes(tag));
    })
    .map((image) => image.Id.replace(/^sha256:/, '').slice(0, 12));
}

async function removed(found: Outdated, dryRun: boolean, remove: () => Promise<unknown>): Promise<Pruned> {
  if (dryRun) return { ...found, outcome: 'found' };
  try {
    await remove();
  } catch (error) {
    if (isConflict(error)) return { ...found, outcome: 'in use' };
    if (!isNotFound(error)) throw error;
  }
  return { ...found, outcome: 'removed' };
}
