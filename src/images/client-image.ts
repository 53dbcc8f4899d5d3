import { join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { Engine } from '../docker/connect.ts';
import { cacheLabels } from '../docker/labels.ts';
import { buildImage } from './build.ts';
import { LOCAL_CLIENT_PATH } from './client-boot.ts';
import { LOCAL_CLIENT_VERSION } from './client-gems.ts';
import { inspectClient, LAYOUTS } from './client-layout.ts';
import { clientRecipeHash, clientTree } from './client-pack.ts';
import { type EnsureOptions, ensureImage, inspected } from './ensure.ts';
import { withLock } from './lock.ts';
import { pullImage } from './pull.ts';

export interface ClientRequest {
  /** Default `cinc`, which needs no licence; the local build, which stands in for both, is Chef's own code. */
  readonly product?: 'cinc' | 'chef' | undefined;
  /** Exact version or the first numbers of one; default `18`. */
  readonly version?: string | undefined;
  /** An image that contains a client under /opt/cinc or /opt/chef; nothing else is tried then. */
  readonly image?: string | undefined;
}

/** An image on the engine that contains a Chef or Cinc client. */
export interface ClientImage {
  readonly imageId: string;
  /** The reference it was found under. */
  readonly ref: string;
  readonly digest: string;
  readonly product: 'cinc' | 'chef';
  readonly version: string;
  /** Where it must be mounted in an instance. */
  readonly mountPath: '/opt/cinc' | '/opt/chef';
  /** Absolute paths in the instance. */
  readonly binary: string;
  readonly ruby: string;
  readonly source: 'present' | 'pulled' | 'built';
}

type Options = Omit<EnsureOptions, 'platform'>;

/**
 * Gets an image with a client onto the engine: a named one, or the product's image from a registry, or a local build
 * from gems. Throws `client.missing` when a named image contains none, `image.unavailable` when there is no way to one.
 */
export async function ensureClient(
  engine: Engine,
  request: ClientRequest,
  options: Options,
): Promise<ClientImage> {
  if (request.image !== undefined) {
    const image = await ensureImage(engine, request.image, options);
    return { ...(await inspectClient(engine, image, options.cacheDir)), source: image.source };
  }
  const version = request.version ?? '18';
  const product = request.product ?? 'cinc';
  const remote = `${LAYOUTS[product].image}:${version}`;
  const local = fitsLocal(version) ? localClientTag(engine) : undefined;
  if (options.policy !== 'always') {
    for (const ref of [remote, ...(local ? [local] : [])]) {
      const present = await inspected(engine, ref);
      if (present) return { ...(await inspectClient(engine, present, options.cacheDir)), source: 'present' };
    }
  }
  const reasons: string[] = [];
  if (options.policy === 'never') reasons.push('pull policy is `never`');
  else {
    const pulled = await pullImage(engine, remote, options);
    const image = pulled.kind === 'pulled' ? await inspected(engine, remote) : undefined;
    if (image) return { ...(await inspectClient(engine, image, options.cacheDir)), source: 'pulled' };
    reasons.push(`pull ${remote}: ${pulled.kind === 'pulled' ? 'not there afterwards' : pulled.reason}`);
    if (local) return ensureLocalClient(engine, options);
    reasons.push(`build: only ${LOCAL_CLIENT_VERSION} can be built locally`);
  }
  throw new GalleyError({
    code: 'image.unavailable',
    kind: 'infrastructure',
    message: `${product} client ${version} cannot be had`,
    details: reasons,
    hint: 'name an image that contains a client with `chef_image:`, or build one with `galley images build client`',
  });
}

/** Builds the local client unless it is there. */
export async function ensureLocalClient(
  engine: Engine,
  options: Omit<Options, 'policy'> & { readonly force?: boolean },
): Promise<ClientImage> {
  const tag = localClientTag(engine);
  const onWait = (pid: number) => options.onProgress(`process ${pid} is building the Chef client, waiting`);
  const folder = join(options.cacheDir, 'locks');
  return withLock(folder, 'client', { signal: options.signal, onWait }, async () => {
    const present = options.force ? undefined : await inspected(engine, tag);
    if (!present) await buildLocalClient(engine, tag, options);
    const image = present ?? (await inspected(engine, tag));
    if (!image) throw new Error(`${tag} was built but is not there`);
    return {
      ...(await inspectClient(engine, image, options.cacheDir)),
      source: present ? ('present' as const) : ('built' as const),
    };
  });
}

async function buildLocalClient(
  engine: Engine,
  tag: string,
  options: Omit<Options, 'policy'>,
): Promise<void> {
  const tree = await clientTree(options);
  const root = LOCAL_CLIENT_PATH;
  const e = `${root}/embedded`;
  const precompile = [
    `${e}/libexec/ruby`,
    '--library-path',
    `${e}/lib`,
    `${e}/bin/ruby.bin`,
    '--disable=gems',
    `-I${e}/rubylib/arch`,
    `-I${e}/rubylib/std`,
    `${e}/precompile.rb`,
  ];
  const labels = {
    ...cacheLabels('image'),
    'galley-cache.recipe': 'chef-client',
    'galley-cache.version': LOCAL_CLIENT_VERSION,
    'galley-cache.client': `chef ${LOCAL_CLIENT_VERSION}`,
    'galley-cache.built-at': new Date().toISOString(),
  };
  await buildImage(
    engine,
    {
      title: 'chef client',
      network: false,
      tags: [tag, 'galley/chef-client:latest'],
      dockerfile: [
        'FROM scratch',
        `COPY ${root.slice(1)} ${root}`,
        `RUN ${JSON.stringify(precompile)}`,
        `CMD ["${LAYOUTS.chef.binary}"]`,
        `LABEL ${Object.entries(labels)
          .map(([key, value]) => `"${key}"="${value}"`)
          .join(' ')}`,
        // Last: every step after it would copy the volume's content.
        `VOLUME ${root}`,
        '',
      ].join('\n'),
      files: tree,
      labels: {},
    },
    options,
  );
}

export function localClientTag(engine: Engine): string {
  return `galley/chef-client:${LOCAL_CLIENT_VERSION}-${clientRecipeHash(engine.info.arch)}`;
}

/** Whether the local build satisfies a wanted version, given as `18`, `18.8`, `18.8.54`, `latest`. */
export function fitsLocal(version: string): boolean {
  const wanted = version.split('.');
  const have = LOCAL_CLIENT_VERSION.split('.');
  return version === 'latest' || wanted.every((part, at) => part === have[at]);
}
