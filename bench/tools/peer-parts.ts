import type { Engine } from '../../src/docker/connect.ts';
import { isNotFound } from '../../src/docker/errors.ts';
import { buildImage } from '../../src/images/build.ts';
import type { BenchParts } from '../kitchens/kitchen.ts';

/** Images tagged for the peer, to be disposed of at the end. */
export interface PreparedParts {
  readonly parts: BenchParts;
  /** What was done to the images, for people. */
  readonly notes: readonly string[];
  readonly dispose: () => Promise<void>;
}

export interface PartsRequest {
  readonly platforms: readonly string[];
  /** Distinguishes this bench's tags and containers from those of another one. */
  readonly id: string;
  /** Where Galley mounts its client: decides which product it uses. */
  readonly clientMount: string;
  /** Leaves the local images' STOPSIGNAL as it is, see `withOfficialStopSignal`. */
  readonly keepStopSignal: boolean;
}

const CLIENTS = {
  '/opt/cinc': { product: 'cinc', images: ['cincproject/cinc:18', 'cincproject/cinc:latest'] },
  '/opt/chef': { product: 'chef', images: ['chef/chef:18', 'galley/chef-client:latest'] },
} as const;

/**
 * Gives the images that Galley uses names of the bench's own: the peer wants the client's version in the tag, names
 * its shared client container after it, and would otherwise meet (and keep) containers of the user's kitchens.
 */
export async function preparePeerParts(engine: Engine, request: PartsRequest): Promise<PreparedParts> {
  const tags: string[] = [];
  const notes: string[] = [];
  const hadNetwork = await hasNetwork(engine);
  const { product, images } = clientOrThrow(request.clientMount);
  const client = await firstPresentOrThrow(engine, images);
  const clientTag = `${client.version ?? '18.0.0'}-bench${request.id}`;
  const dispose = async (): Promise<void> => {
    await engine.docker
      .getContainer(`${product}-${clientTag}`)
      .remove({ force: true, v: true })
      .catch(ignoreMissing);
    for (const tag of tags) await engine.docker.getImage(tag).remove({ force: true }).catch(ignoreMissing);
    // Refused while containers of other kitchens use it; then it is theirs.
    if (!hadNetwork)
      await engine.docker
        .getNetwork('dokken')
        .remove()
        .catch(() => undefined);
  };
  try {
    await engine.docker.getImage(client.ref).tag({ repo: 'galley-bench/client', tag: clientTag });
    tags.push(`galley-bench/client:${clientTag}`);
    const platformImages: Record<string, string> = {};
    for (const platform of request.platforms) {
      const image = await firstPresentOrThrow(engine, [
        `dokken/${platform}:latest`,
        `galley/${platform}:latest`,
      ]);
      const tag = `galley-bench/${platform}:${request.id}`;
      if (image.stopSignal === undefined || request.keepStopSignal) {
        await engine.docker.getImage(image.ref).tag({ repo: `galley-bench/${platform}`, tag: request.id });
      } else await withOfficialStopSignal(engine, image.ref, tag);
      tags.push(tag);
      platformImages[platform] = tag;
      const changed = image.stopSignal !== undefined && !request.keepStopSignal;
      notes.push(`${platform}: ${image.ref}${changed ? ' with the STOPSIGNAL of dokken’s own images' : ''}`);
    }
    return {
      parts: { platformImages, client: { repository: 'galley-bench/client', tag: clientTag, product } },
      notes,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/**
 * dokken/debian-* have no STOPSIGNAL (github.com/test-kitchen/dokken-images), so `docker stop` sends SIGTERM, which
 * systemd as PID 1 takes for "re-execute", and waits 10 s. Galley's local builds do set systemd's own signal; with
 * them the peer would be measured on something that its users do not have. Same layers, only this setting differs.
 */
async function withOfficialStopSignal(engine: Engine, ref: string, tag: string): Promise<void> {
  await buildImage(
    engine,
    {
      title: tag,
      tags: [tag],
      dockerfile: `FROM ${ref}\nSTOPSIGNAL SIGTERM\n`,
      files: {},
      labels: {},
      network: false,
    },
    { onProgress: () => undefined },
  );
}

function clientOrThrow(mount: string): (typeof CLIENTS)[keyof typeof CLIENTS] {
  if (mount === '/opt/cinc' || mount === '/opt/chef') return CLIENTS[mount];
  throw new Error(`no idea which client is mounted at ${mount}`);
}

interface PresentImage {
  readonly ref: string;
  readonly version: string | undefined;
  readonly stopSignal: string | undefined;
}

async function firstPresentOrThrow(engine: Engine, refs: readonly string[]): Promise<PresentImage> {
  for (const ref of refs) {
    const image = await engine.docker.getImage(ref).inspect().catch(ignoreMissing);
    if (!image) continue;
    const config = image.Config as { StopSignal?: string; Labels?: Record<string, string> | null };
    const version = /\d+\.\d+\.\d+/.exec(config.Labels?.['galley-cache.client'] ?? '')?.[0];
    return { ref, version, stopSignal: config.StopSignal };
  }
  throw new Error(
    `none of these images is on the engine: ${refs.join(', ')}; \`galley images build\` makes them`,
  );
}

async function hasNetwork(engine: Engine): Promise<boolean> {
  const networks = await engine.docker.listNetworks({ filters: { name: ['dokken'] } });
  return networks.some((network) => network.Name === 'dokken');
}

function ignoreMissing(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}
