import type { Engine } from '../src/docker/connect.ts';
import type { Room } from './tools/tool.ts';

/** What an instance is made of, as far as it must be the same for both tools. */
export interface Substance {
  /** Mount point of the client in the instance. */
  readonly clientMount: string;
  /** e.g. `Chef Infra Client: 18.8.54` */
  readonly client: string;
  /** Digests of the file system layers below the instance. */
  readonly layers: readonly string[];
}

const CLIENTS = { '/opt/cinc': 'cinc-client', '/opt/chef': 'chef-client' } as const;

/** Looks at the running main instance of a room. */
export async function substanceOf(engine: Engine, room: Room): Promise<Substance> {
  const found = (await room.tool.containers(room.folder)).find((one) => one.name === room.kitchen.main);
  if (!found) throw new Error(`${room.tool.title} made no container for ${room.kitchen.main}`);
  const container = await engine.docker.getContainer(found.id).inspect();
  const image = await engine.docker.getImage(container.Image).inspect();
  const mounts = container.Mounts.map((mount) => mount.Destination);
  const mount = (['/opt/cinc', '/opt/chef'] as const).find((path) => mounts.includes(path));
  if (mount === undefined) throw new Error(`no client is mounted in ${found.name}: ${mounts.join(', ')}`);
  const version = await room.inside([`${mount}/bin/${CLIENTS[mount]}`, '--version']);
  return { clientMount: mount, client: version.stdout.trim(), layers: image.RootFS.Layers ?? [] };
}

/** Throws unless both run the same client on the same file system. */
export function sameOrThrow(galley: Substance, peer: Substance): void {
  if (galley.client !== peer.client) throw new Error(`clients differ: ${galley.client} and ${peer.client}`);
  if (galley.layers.join() !== peer.layers.join()) throw new Error('the two tools use different OS images');
}
