import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { GalleyError } from '../core/errors.ts';
import type { Engine } from '../docker/connect.ts';
import { isNotFound, toDockerError } from '../docker/errors.ts';
import { keep, readKept } from '../docker/kept-json.ts';
import type { EnsuredImage } from './ensure.ts';

/** Where a product's omnibus layout has its parts. */
export interface ClientLayout {
  readonly product: 'cinc' | 'chef';
  /** Repository of the official image. */
  readonly image: string;
  readonly mountPath: '/opt/cinc' | '/opt/chef';
  readonly binary: string;
  readonly ruby: string;
}

export const LAYOUTS: Readonly<Record<'cinc' | 'chef', ClientLayout>> = {
  cinc: {
    product: 'cinc',
    image: 'cincproject/cinc',
    mountPath: '/opt/cinc',
    binary: '/opt/cinc/bin/cinc-client',
    ruby: '/opt/cinc/embedded/bin/ruby',
  },
  chef: {
    product: 'chef',
    image: 'chef/chef',
    mountPath: '/opt/chef',
    binary: '/opt/chef/bin/chef-client',
    ruby: '/opt/chef/embedded/bin/ruby',
  },
};

/** What is known of a client once its image has been looked into. */
export interface FoundClient extends Omit<ClientLayout, 'image'> {
  readonly imageId: string;
  readonly ref: string;
  readonly digest: string;
  readonly version: string;
}

/**
 * Says which client an image contains. Images built by Galley carry it in a label; others are looked into through a
 * container that is never started, and the answer is kept in `cacheDir`. Throws `client.missing`.
 */
export async function inspectClient(
  engine: Engine,
  image: Pick<EnsuredImage, 'id' | 'ref' | 'digest'>,
  cacheDir: string,
): Promise<FoundClient> {
  const file = cacheFile(cacheDir, image.id);
  const known = (await labelled(engine, image.id)) ?? ((await readKept(file)) as Client | undefined);
  const client = known ?? (await lookInside(engine, image));
  if (!known) await keep(file, client);
  const { image: _, ...layout } = LAYOUTS[client.product];
  return { ...layout, imageId: image.id, ref: image.ref, digest: image.digest, version: client.version };
}

interface Client {
  readonly product: 'cinc' | 'chef';
  readonly version: string;
}

async function labelled(engine: Engine, id: string): Promise<Client | undefined> {
  try {
    const { Config } = await engine.docker.getImage(id).inspect();
    const [product, version] = (Config.Labels?.['galley-cache.client'] ?? '').split(' ');
    return (product === 'chef' || product === 'cinc') && version ? { product, version } : undefined;
  } catch (error) {
    throw toDockerError(error, `look for image ${id}`);
  }
}

async function lookInside(engine: Engine, image: Pick<EnsuredImage, 'id' | 'ref'>): Promise<Client> {
  let container: Dockerode.Container | undefined;
  try {
    container = await engine.docker.createContainer({
      Image: image.id,
      Cmd: ['/never-started'],
      Labels: { 'galley-cache': 'look' },
    });
    for (const layout of [LAYOUTS.cinc, LAYOUTS.chef]) {
      if (!(await hasFile(container, layout.binary))) continue;
      return { product: layout.product, version: await versionOf(container, layout.mountPath) };
    }
  } catch (error) {
    throw toDockerError(error, `look into image ${image.ref}`);
  } finally {
    await container?.remove({ force: true, v: true }).catch(() => undefined);
  }
  throw new GalleyError({
    code: 'client.missing',
    kind: 'infrastructure',
    message: `image ${image.ref} contains no Chef or Cinc client`,
    expected: `${LAYOUTS.cinc.binary} or ${LAYOUTS.chef.binary}`,
    got: 'neither file',
    details: [`looked for ${LAYOUTS.cinc.binary}`, `looked for ${LAYOUTS.chef.binary}`],
    hint: `name an image like ${LAYOUTS.cinc.image}:18 with \`chef_image:\`, or remove the key to use the default`,
  });
}

async function hasFile(container: Dockerode.Container, path: string): Promise<boolean> {
  try {
    (await container.infoArchive({ path })).resume();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Omnibus packages say their version in `version-manifest.json` (`build_version`). */
async function versionOf(container: Dockerode.Container, mountPath: string): Promise<string> {
  try {
    const { extract } = await import('tar-stream');
    const archive = await container.getArchive({ path: `${mountPath}/version-manifest.json` });
    const unpack = extract();
    archive.pipe(unpack);
    archive.on('error', (error: Error) => unpack.destroy(error));
    let text = '';
    for await (const entry of unpack) for await (const chunk of entry) text += String(chunk);
    const version = (JSON.parse(text) as { build_version?: unknown }).build_version;
    return typeof version === 'string' ? version : 'unknown';
  } catch (error) {
    if (isNotFound(error) || error instanceof SyntaxError) return 'unknown';
    throw error;
  }
}

const cacheFile = (cacheDir: string, id: string) =>
  join(cacheDir, 'clients', `${id.replace(/^sha256:/, '').slice(0, 12)}.json`);
