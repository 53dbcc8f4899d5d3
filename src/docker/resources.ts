import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './connect.ts';
import { isConflict, isNotFound, toDockerError } from './errors.ts';

/** Filter of the engine's list calls; `filterFor` of labels.ts makes one. */
export interface LabelFilter {
  readonly label: readonly string[];
}

/** How long the engine may take with what it has begun. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 100;

export interface FoundResource {
  readonly kind: 'container' | 'network' | 'volume' | 'image';
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Containers (also stopped ones), then networks, then volumes that carry all the labels. */
export async function listLabelled(engine: Engine, filter: LabelFilter): Promise<readonly FoundResource[]> {
  if (filter.label.length === 0) throw new Error('a label filter needs at least one label');
  const filters = { label: [...filter.label] };
  try {
    const [containers, networks, volumes] = await Promise.all([
      engine.docker.listContainers({ all: true, filters }),
      engine.docker.listNetworks({ filters }),
      engine.docker.listVolumes({ filters: JSON.stringify(filters) as never }),
    ]);
    return [
      ...containers.map((one) => ({
        kind: 'container' as const,
        id: one.Id,
        name: (one.Names[0] ?? one.Id).replace(/^\//, ''),
        labels: one.Labels,
      })),
      ...networks.map((one) => ({
        kind: 'network' as const,
        id: one.Id,
        name: one.Name,
        labels: one.Labels ?? {},
      })),
      ...(volumes.Volumes ?? []).map((one) => ({
        kind: 'volume' as const,
        id: one.Name,
        name: one.Name,
        labels: one.Labels ?? {},
      })),
    ];
  } catch (error) {
    throw toDockerError(error, `list what carries ${filter.label.join(', ')}`);
  }
}

/** Images that carry all the labels, by a name that removes them, with dangling ones; see drivers/docker/snapshots.ts. */
export async function listLabelledImages(
  engine: Engine,
  filter: LabelFilter,
): Promise<readonly FoundResource[]> {
  if (filter.label.length === 0) throw new Error('a label filter needs at least one label');
  try {
    const images = await engine.docker.listImages({ filters: JSON.stringify({ label: filter.label }) });
    return images.map((one) => {
      const name = one.RepoTags?.find((tag) => tag !== '<none>:<none>') ?? one.Id;
      return { kind: 'image', id: one.Id, name, labels: one.Labels ?? {} };
    });
  } catch (error) {
    throw toDockerError(error, `list images with ${filter.label.join(', ')}`);
  }
}

/** Removes an image by its name; false when a container still needs it. Succeeds when it is gone already. */
export async function removeImage(engine: Engine, image: Pick<FoundResource, 'name'>): Promise<boolean> {
  try {
    await engine.docker.getImage(image.name).remove();
    return true;
  } catch (error) {
    if (isNotFound(error)) return true;
    if (isConflict(error)) return false;
    throw toDockerError(error, `remove image ${image.name}`);
  }
}

/**
 * Removes everything that carries the labels: containers by force and at once, with their anonymous volumes, then
 * networks, then volumes. What is already gone, or being removed by someone else, counts as removed. Returns what was
 * found. Throws after having tried all.
 */
export async function removeLabelled(engine: Engine, filter: LabelFilter): Promise<readonly FoundResource[]> {
  const found = await listLabelled(engine, filter);
  const failures: Error[] = [];
  for (const kind of ['container', 'network', 'volume'] as const) {
    await Promise.all(
      found
        .filter((one) => one.kind === kind)
        .map(async (one) => {
          try {
            await removeResource(engine, one);
          } catch (error) {
            failures.push(error as Error);
          }
        }),
    );
  }
  if (failures[0]) throw failures[0];
  return found;
}

/** Removes one resource. Succeeds when it is already gone or being removed. */
export async function removeResource(
  engine: Engine,
  resource: Pick<FoundResource, 'kind' | 'id' | 'name'>,
): Promise<void> {
  const { docker } = engine;
  try {
    if (resource.kind === 'container') await removeContainer(engine, resource.id);
    else if (resource.kind === 'network') await removeNetwork(engine, resource.id);
    else if (resource.kind === 'image') await removeImage(engine, resource);
    else await docker.getVolume(resource.id).remove();
  } catch (error) {
    if (isNotFound(error)) return;
    throw toDockerError(error, `remove ${resource.kind} ${resource.name}`);
  }
}

/** One that somebody else is removing is waited for: what hangs on it cannot go before. */
async function removeContainer(engine: Engine, id: string): Promise<void> {
  const container = engine.docker.getContainer(id);
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (!isConflict(error)) throw error;
    for (let left = PATIENCE_MS; left > 0; left -= LOOK_MS) {
      // Throws when it is gone.
      await container.inspect();
      await sleep(LOOK_MS);
    }
  }
}

/**
 * A network refuses to go while a container that is being removed is still attached, and for a moment after that: those
 * are cut off, as long as there are any.
 */
async function removeNetwork(engine: Engine, id: string): Promise<void> {
  const network = engine.docker.getNetwork(id);
  for (let left = PATIENCE_MS; ; left -= LOOK_MS) {
    try {
      await network.remove();
      return;
    } catch (error) {
      if (isNotFound(error) || left <= 0) throw error;
    }
    const state = (await network.inspect()) as { Containers?: Record<string, unknown> };
    await Promise.all(
      Object.keys(state.Containers ?? {}).map(async (container) =>
        network.disconnect({ Container: container, Force: true }).catch(() => undefined),
      ),
    );
    await sleep(LOOK_MS);
  }
}
