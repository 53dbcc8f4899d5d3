import { join } from 'node:path';
import type { Engine } from '../docker/connect.ts';
import { isNotFound, toDockerError } from '../docker/errors.ts';
import { cacheLabels } from '../docker/labels.ts';
import type { ClientImage } from './client-image.ts';
import { withLock } from './lock.ts';

export interface VolumeOptions {
  readonly cacheDir: string;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A named volume with the content of the client image at its mount path, made once per engine and client and mounted
 * read-only into every instance. The engine copies an image's files into an empty volume when a container is created
 * on it; a second, empty volume named `…-ok`, made after that, says that the copy came to its end. A volume without
 * its mark was left by a crash and is filled again.
 */
export async function ensureClientVolume(
  engine: Engine,
  client: Pick<ClientImage, 'imageId' | 'mountPath' | 'product' | 'version'>,
  options: VolumeOptions,
): Promise<{ readonly name: string }> {
  const name = `galley-client-${client.imageId.replace(/^sha256:/, '').slice(0, 12)}`;
  const mark = `${name}-ok`;
  if (await isComplete(engine, name, mark)) return { name };
  const onWait = (pid: number) => options.onProgress(`process ${pid} is unpacking the client, waiting`);
  return withLock(join(options.cacheDir, 'locks'), name, { signal: options.signal, onWait }, async () => {
    if (await isComplete(engine, name, mark)) return { name };
    options.onProgress(`unpacking ${client.product} client ${client.version} into volume ${name}`);
    try {
      await removeVolume(engine, mark);
      await removeVolume(engine, name);
      const labels = {
        ...cacheLabels('client'),
        'galley-cache.client': `${client.product} ${client.version}`,
      };
      await engine.docker.createVolume({ Name: name, Labels: labels });
      await fill(engine, name, client);
      await engine.docker.createVolume({ Name: mark, Labels: labels });
    } catch (error) {
      throw toDockerError(error, `fill client volume ${name}`);
    }
    return { name };
  });
}

async function isComplete(engine: Engine, name: string, mark: string): Promise<boolean> {
  return (await Promise.all([name, mark].map((one) => exists(engine, one)))).every(Boolean);
}

async function exists(engine: Engine, name: string): Promise<boolean> {
  try {
    await engine.docker.getVolume(name).inspect();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw toDockerError(error, `look for volume ${name}`);
  }
}

async function removeVolume(engine: Engine, name: string): Promise<void> {
  try {
    await engine.docker.getVolume(name).remove();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function fill(
  engine: Engine,
  name: string,
  client: Pick<ClientImage, 'imageId' | 'mountPath'>,
): Promise<void> {
  const container = await engine.docker.createContainer({
    Image: client.imageId,
    Cmd: ['/never-started'],
    Labels: cacheLabels('client'),
    HostConfig: { Mounts: [{ Type: 'volume', Source: name, Target: client.mountPath }] },
  });
  try {
    (await container.infoArchive({ path: client.mountPath })).resume();
  } finally {
    await container.remove({ force: true }).catch(() => undefined);
  }
}
