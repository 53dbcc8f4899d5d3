import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine, type Engine } from '../../src/docker/connect.ts';
import type { BenchKitchen } from '../kitchens/kitchen.ts';
import { openRoom } from '../room.ts';
import { galleyTool } from '../tools/galley.ts';
import type { Room } from '../tools/tool.ts';
import type { Row } from './row.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

/** What is put on the machine beside the rows: packages that make what InSpec looks with, and a script. */
export interface MachineRequest {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly packages: readonly string[];
  /** Run by `sh -e` as the converge. */
  readonly converge: string;
  readonly signal: AbortSignal;
}

/** One instance that all tools look at. */
export interface Machine extends AsyncDisposable {
  readonly engine: Engine;
  readonly room: Room;
  readonly containerId: string;
  /** A folder of its own, gone with the machine. */
  readonly work: string;
  /** Runs a script inside; throws when it fails. */
  readonly sh: (script: string) => Promise<string>;
}

/** Makes and converges the instance with Galley. */
export async function openMachine(request: MachineRequest): Promise<Machine> {
  const { signal } = request;
  const engine = await connectEngine(process.env, signal);
  const stack = new AsyncDisposableStack();
  try {
    const work = await realpath(await mkdtemp(join(tmpdir(), 'galley-beside-')));
    stack.defer(() => rm(work, { recursive: true, force: true }));
    const folder = join(work, `${request.name}-${randomBytes(3).toString('hex')}`);
    const tool = galleyTool(engine, REPOSITORY);
    stack.defer(() => tool.removeLeftovers(folder));
    const kitchen = kitchenOf(request);
    const room = await openRoom({ engine, repository: REPOSITORY, folder, tool, kitchen, signal });
    await room.run(['converge', kitchen.main]);
    const [container] = await tool.containers(folder);
    if (!container) throw new Error('the instance has no container');
    return {
      engine,
      room,
      containerId: container.id,
      work,
      async sh(script) {
        const { exitCode, stdout } = await room.inside(['/bin/sh', '-ec', script]);
        if (exitCode !== 0) throw new Error(`exit ${exitCode} of ${script}\n${stdout}`);
        return stdout;
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function kitchenOf({ name, rows, packages, converge }: MachineRequest): BenchKitchen {
  const install = `apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages.join(' ')} && rm -rf /var/lib/apt/lists/*`;
  return {
    name,
    folders: [],
    platforms: ['debian-12'],
    instances: ['default-debian-12'],
    main: 'default-debian-12',
    forGalley: () => ({
      driver: { name: 'docker', init: 'systemd', intermediate_instructions: [`RUN ${install}`] },
      provisioner: { name: 'shell', command: `set -e\n${converge}` },
      platforms: [{ name: 'debian-12' }],
      suites: [{ name: 'default', verifier: { checks: rows.map(({ id, galley }) => ({ id, ...galley })) } }],
    }),
  };
}
