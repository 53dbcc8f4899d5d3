import type { Engine } from '../docker/connect.ts';
import { toDockerError } from '../docker/errors.ts';
import { cacheLabels } from '../docker/labels.ts';
import { parseImage } from './catalogue.ts';
import { localClientTag } from './client-image.ts';
import { LAYOUTS } from './client-layout.ts';
import { localTag, RECIPES } from './recipes.ts';

/** One image on the engine that Galley built, or would use instead of building. */
export interface ListedImage {
  /** e.g. `galley/debian-12:0a1b2c3d4e5f` */
  readonly name: string;
  readonly kind: 'os' | 'service' | 'client';
  /** Recipe version for built images, client version for clients, tag for pulled ones. */
  readonly version: string;
  readonly sizeBytes: number;
  readonly origin: 'built' | 'pulled';
  readonly digest: string;
  /** ISO 8601. */
  readonly created: string;
  /** False for a build of an older recipe, which nothing uses any more. */
  readonly current: boolean;
}

/** Images for `galley images list`, by name. */
export async function listImages(engine: Engine): Promise<readonly ListedImage[]> {
  try {
    const images = await engine.docker.listImages({ all: false });
    const [cacheKey, cacheValue] = Object.entries(cacheLabels('image'))[0] ?? ['', ''];
    const current = new Set([...RECIPES.values()].map(localTag).concat(localClientTag(engine)));
    return images
      .flatMap((image) =>
        (image.RepoTags ?? []).flatMap((name): readonly ListedImage[] => {
          const labels = image.Labels ?? {};
          // Images made from ours inherit the label; only the name tells them apart.
          const built = name.startsWith('galley/') && labels[cacheKey] === cacheValue;
          const kind = built
            ? builtKind(labels['galley-cache.recipe'] ?? '')
            : pulledKind(parseImage(name).path);
          if (kind === undefined || (built && name.endsWith(':latest'))) return [];
          return [
            {
              name,
              kind,
              version: (built ? labels['galley-cache.version'] : undefined) ?? parseImage(name).tag,
              sizeBytes: image.Size,
              origin: built ? 'built' : 'pulled',
              digest: image.RepoDigests?.[0]?.split('@')[1] ?? image.Id,
              created: new Date(image.Created * 1000).toISOString(),
              current: !built || current.has(name),
            },
          ];
        }),
      )
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw toDockerError(error, 'list images');
  }
}

function builtKind(recipe: string): ListedImage['kind'] {
  if (recipe === 'chef-client') return 'client';
  return recipe.startsWith('debian-') ? 'os' : 'service';
}

function pulledKind(path: string): ListedImage['kind'] | undefined {
  if (path === LAYOUTS.cinc.image || path === LAYOUTS.chef.image) return 'client';
  if (path.startsWith('dokken/') || path === 'debian') return 'os';
  return ['postgres', 'redis', 'motoserver/moto'].includes(path) ? 'service' : undefined;
}
