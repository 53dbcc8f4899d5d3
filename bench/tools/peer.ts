import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/docker/connect.ts';
import { removeResource } from '../../src/docker/resources.ts';
import type { BenchParts } from '../kitchens/kitchen.ts';
import type { FoundContainer, Tool } from './tool.ts';

/** Where bench/install-peer.sh puts it. */
export function peerFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'galley', 'peer');
}

/** Versions of the installed gems, or undefined when the script has not been run (to its end). */
export function installedPeer(folder: string): string | undefined {
  if (!existsSync(join(folder, 'bin', 'kitchen'))) return undefined;
  const stamp = readdirSync(folder).find((name) => name.startsWith('installed-'));
  const match = stamp && /^installed-test-kitchen-(.+)-kitchen-dokken-(.+)$/.exec(stamp);
  return match ? `Test Kitchen ${match[1]} + kitchen-dokken ${match[2]}` : undefined;
}

export interface PeerSetup {
  readonly engine: Engine;
  readonly repository: string;
  readonly folder: string;
  readonly title: string;
  /** HOME for the peer, so that its locks and sandboxes vanish with the bench. */
  readonly home: string;
  readonly parts: BenchParts;
}

/** Test Kitchen with kitchen-dokken, with the images that Galley uses. */
export function peerTool({ engine, repository, folder: gems, title, home, parts }: PeerSetup): Tool {
  return {
    name: 'peer',
    title,
    kitchenYaml: (kitchen) => {
      if (kitchen.forPeer) return kitchen.forPeer(parts);
      throw new Error(`the kitchen ${kitchen.name} is for Galley alone`);
    },
    command: (folder, args) => ({
      file: join(gems, 'bin', 'kitchen'),
      args,
      cwd: folder,
      env: {
        ...process.env,
        GEM_HOME: gems,
        RUBYOPT: `-r${join(repository, 'bench', 'peer-preload.rb')}`,
        HOME: home,
        DOCKER_HOST: engine.address,
      },
    }),
    containers: (folder) => instanceContainers(engine, folder),
    saysNothingChanged: (output) => /Phase complete, 0\/\d+ resources updated/.test(output),
    saysTested: (output, instance) =>
      output.includes(`Finished converging <${instance}>`) &&
      output.includes(`Finished verifying <${instance}>`),
    removeLeftovers: async (folder) => {
      for (const { id, name } of await instanceContainers(engine, folder)) {
        await removeResource(engine, { kind: 'container', id, name });
      }
      const images = await engine.docker.listImages({ filters: { reference: [`${prefixOf(folder)}-*`] } });
      for (const image of images)
        await engine.docker.getImage(image.RepoTags?.[0] ?? image.Id).remove({ force: true });
    },
  };
}

async function instanceContainers(engine: Engine, folder: string): Promise<readonly FoundContainer[]> {
  const prefix = `${prefixOf(folder)}-`;
  const found = await engine.docker.listContainers({ all: true, filters: { name: [`^/${prefix}`] } });
  return found.map((one) => ({
    id: one.Id,
    name: (one.Names[0] ?? '').replace(`/${prefix}`, ''),
    isRunning: one.State === 'running',
  }));
}

/** kitchen-dokken's rule for the names of its containers and work images. */
function prefixOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 10);
}
