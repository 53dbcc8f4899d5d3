import type { Engine } from '../../docker/connect.ts';
import { containerGone } from '../../docker/container-state.ts';
import { isNotFound, toDockerError } from '../../docker/errors.ts';

/** The container that a connection works on, as it was when the connection was made. */
export interface Target {
  readonly engine: Engine;
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  /** Commands in it may read other processes' memory. */
  readonly hasPtrace: boolean;
  /** Mount points the engine's archive API does not see. */
  readonly hidden: readonly string[];
}

/**
 * Folders that an init system or the engine mounts in memory. The archive API works on the container's disk: what it
 * writes there lies under the mount, invisible to the container (moby/moby#22020). Debian 13 mounts /tmp so.
 */
const VOLATILE = ['/tmp', '/run', '/var/run', '/var/lock', '/dev', '/proc', '/sys'];

/** Throws `docker.container_gone` unless the container runs. */
export async function lookAt(engine: Engine, id: string): Promise<Target> {
  try {
    const found = await engine.docker.getContainer(id).inspect();
    const name = found.Name.replace(/^\//, '');
    if (!found.State.Running || found.State.Paused) throw await containerGone(engine, id, name);
    const { HostConfig: host } = found;
    return {
      engine,
      id: found.Id,
      name,
      imageId: found.Image,
      hasPtrace: host.Privileged === true || grants(host.CapAdd, host.CapDrop, 'SYS_PTRACE'),
      hidden: [...VOLATILE, ...Object.keys(host.Tmpfs ?? {})],
    };
  } catch (error) {
    if (isNotFound(error)) throw await containerGone(engine, id, id.slice(0, 12));
    throw toDockerError(error, `look at container ${id.slice(0, 12)}`);
  }
}

/** Whether added and dropped capabilities leave one that is not among the engine's defaults. */
export function grants(
  added: readonly string[] | null | undefined,
  dropped: readonly string[] | null | undefined,
  capability: string,
): boolean {
  if (lists(dropped, capability)) return false;
  return lists(added, capability) || lists(added, 'ALL');
}

function lists(names: readonly string[] | null | undefined, capability: string): boolean {
  return (names ?? []).some((one) => one.toUpperCase().replace(/^CAP_/, '') === capability);
}

/** Whether the path is, or lies in, a folder the archive API does not see. */
export function isHidden(target: Pick<Target, 'hidden'>, path: string): boolean {
  return target.hidden.some((mount) => path === mount || path.startsWith(`${mount.replace(/\/+$/, '')}/`));
}
