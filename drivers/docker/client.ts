import type { ActionContext } from '../../src/core/action-context.ts';
import type { CreateRequest } from '../../src/core/driver.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { Engine } from '../../src/docker/connect.ts';
import { ensureClient } from '../../src/images/client-image.ts';
import { ensureClientVolume } from '../../src/images/client-volume.ts';
import type { DockerConfig } from './config.ts';
import type { DockerMachine } from './record.ts';

export interface MountedClient {
  readonly install: NonNullable<DockerMachine['client']>;
  readonly volume: { readonly name: string; readonly mountPath: string };
}

type Context = Pick<ActionContext<DockerConfig>, 'config' | 'instance' | 'emit' | 'signal' | 'once'>;

/** A volume with the Chef or Cinc client, when the provisioner needs one; once per run for all who want the same. */
export async function instanceClient(
  host: PluginHost,
  engine: Engine,
  ctx: Context,
  request: CreateRequest,
): Promise<MountedClient | undefined> {
  if (!request.needsClient) return undefined;
  const { config, instance } = ctx;
  const key = ['the Chef client', engine.address, config.pullClient, JSON.stringify(config.client)].join(
    '\n',
  );
  return ctx.once(key, async () => {
    const options = {
      policy: config.pullClient,
      cacheDir: host.cacheDir,
      onProgress: (text: string) => ctx.emit({ type: 'progress', instance: instance.name, text }),
      signal: ctx.signal,
    };
    const client = await ensureClient(engine, config.client, options);
    const volume = await ensureClientVolume(engine, client, options);
    const { product, version, digest, binary, ruby } = client;
    return {
      install: { product, version, digest, binary, ...(ruby !== undefined && { ruby }) },
      volume: { name: volume.name, mountPath: client.mountPath },
    };
  });
}
