import { createHash } from 'node:crypto';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { Engine } from '../../src/docker/connect.ts';
import { toDockerError } from '../../src/docker/errors.ts';
import { cacheLabels } from '../../src/docker/labels.ts';
import { buildImage } from '../../src/images/build.ts';
import { ensureImage, inspected } from '../../src/images/ensure.ts';
import { chosenImageOrThrow } from './chosen-image.ts';
import type { DockerConfig, Init } from './config.ts';

export interface InstanceImage {
  /** The reference that was asked for. */
  readonly ref: string;
  /** Content id of what is run. */
  readonly id: string;
  readonly digest: string;
  /** Entrypoint and Cmd of the image. */
  readonly command: readonly string[];
  /** Init system that a snapshot was taken under. */
  readonly init?: Init;
}

type Context = Pick<ActionContext<DockerConfig>, 'config' | 'instance' | 'emit' | 'signal' | 'once'>;

/** Gets the image onto the engine, with the config's own instructions on top; once per run for all who want the same. */
export async function instanceImage(host: PluginHost, engine: Engine, ctx: Context): Promise<InstanceImage> {
  const { config, instance } = ctx;
  const ref = chosenImageOrThrow(instance, config);
  const key = [`image ${ref}`, engine.address, config.pull, config.platform, ...config.instructions];
  return ctx.once(key.join('\n'), async () => {
    const options = {
      policy: config.pull,
      cacheDir: host.cacheDir,
      onProgress: (text: string) => ctx.emit({ type: 'progress', instance: instance.name, text }),
      signal: ctx.signal,
      ...(config.platform !== undefined && { platform: config.platform }),
    };
    const base = await ensureImage(engine, ref, options);
    const id = await withInstructions(engine, base.ref, base.id, ctx, options.onProgress);
    return { ref, id, digest: base.digest, command: await commandOf(engine, id) };
  });
}

/**
 * Builds the instructions on top of the image. The name holds a hash of both, so that an edited instruction or a newer
 * base is never answered with an old build.
 */
async function withInstructions(
  engine: Engine,
  ref: string,
  id: string,
  { config, signal }: Context,
  onProgress: (text: string) => void,
): Promise<string> {
  if (config.instructions.length === 0) return id;
  const dockerfile = [`FROM ${ref}`, ...config.instructions, ''].join('\n');
  const hash = createHash('sha256').update(`${id}\n${dockerfile}`).digest('hex').slice(0, 12);
  const tag = `galley-instructions:${hash}`;
  const present = await inspected(engine, tag);
  if (present) return present.id;
  const title = `${ref} with ${config.instructions.length} instructions`;
  return buildImage(
    engine,
    { title, tags: [tag], dockerfile, files: {}, network: true, labels: cacheLabels('image') },
    { onProgress, signal },
  );
}

async function commandOf(engine: Engine, id: string): Promise<readonly string[]> {
  try {
    const { Config } = await engine.docker.getImage(id).inspect();
    const entrypoint = Config.Entrypoint ?? [];
    return [...(typeof entrypoint === 'string' ? [entrypoint] : entrypoint), ...(Config.Cmd ?? [])];
  } catch (error) {
    throw toDockerError(error, `look at image ${id}`);
  }
}
