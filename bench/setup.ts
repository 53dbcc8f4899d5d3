import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine, type Engine } from '../src/docker/connect.ts';
import type { BenchCase } from './case.ts';
import type { BenchKitchen } from './kitchens/kitchen.ts';
import type { BenchOptions } from './options.ts';
import { openRoom } from './room.ts';
import { type Substance, sameOrThrow, substanceOf } from './sameness.ts';
import { galleyTool } from './tools/galley.ts';
import { installedPeer, peerFolder, peerTool } from './tools/peer.ts';
import { preparePeerParts } from './tools/peer-parts.ts';
import type { Room, Tool, ToolName } from './tools/tool.ts';

/** Everything that is made before the first timing, and its removal. */
export interface Setup extends AsyncDisposable {
  readonly engine: Engine;
  readonly roomsFor: (one: BenchCase) => readonly Room[];
  readonly titles: Readonly<Partial<Record<ToolName, string>>>;
  readonly notes: readonly string[];
}

const REPOSITORY = join(import.meta.dirname, '..');

/**
 * Makes the tools and a room for each tool and kitchen, and warms up: what is done once per machine (client volumes,
 * networks, images) belongs to no timing. On failure it removes what it made.
 */
export async function setUp(
  options: BenchOptions,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Setup> {
  const engine = await connectEngine(process.env, signal);
  const work = await realpath(await mkdtemp(join(tmpdir(), 'galley-bench-')));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(work, { recursive: true, force: true }));
  const kitchens = [...new Set(options.cases.map((one) => one.kitchen))];
  const id = randomBytes(3).toString('hex');
  const base: Base = { options, signal, log, engine, work, stack, kitchens, id };
  try {
    const galley = options.tools.includes('galley') ? await setUpGalley(base) : undefined;
    const isCompared = kitchens.some((kitchen) => kitchen.forPeer !== undefined);
    const peer =
      options.tools.includes('peer') && isCompared
        ? await setUpPeer(base, galley?.substance.clientMount)
        : undefined;
    if (galley && peer?.substance) sameOrThrow(galley.substance, peer.substance);
    const rooms = [...(galley?.rooms ?? []), ...(peer?.rooms ?? [])];
    const client = galley?.substance.client ?? peer?.substance?.client ?? 'none';
    return {
      engine,
      titles: Object.fromEntries(rooms.map((room) => [room.tool.name, room.tool.title])),
      notes: [...(peer?.notes ?? []), `client: ${client}`],
      roomsFor: (one) => rooms.filter((room) => room.kitchen === one.kitchen),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

interface Base {
  readonly options: BenchOptions;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly engine: Engine;
  readonly work: string;
  readonly stack: AsyncDisposableStack;
  readonly kitchens: readonly BenchKitchen[];
  readonly id: string;
}

async function setUpGalley(base: Base): Promise<{ rooms: readonly Room[]; substance: Substance }> {
  if (!existsSync(join(REPOSITORY, 'dist/src/cli/bin.js')))
    throw new Error('Galley is not built: npm run build');
  const rooms = await openRooms(base, galleyTool(base.engine, REPOSITORY));
  // All instances, so that no image has to be fetched or built while something is timed.
  const substances = await Promise.all(rooms.map((room) => warmUp(base, room, [])));
  const [substance] = substances;
  if (!substance) throw new Error('no case was chosen');
  return { rooms, substance };
}

async function setUpPeer(
  base: Base,
  clientMount = '/opt/chef',
): Promise<{ rooms: readonly Room[]; notes: readonly string[]; substance: Substance | undefined }> {
  const { engine, stack, id, work } = base;
  const gems = peerFolder(process.env);
  const title = installedPeer(gems);
  if (title === undefined) {
    const notes = ['the peer is not installed; bash bench/install-peer.sh installs it'];
    return { rooms: [], notes, substance: undefined };
  }
  const platforms = [...new Set(base.kitchens.flatMap((kitchen) => kitchen.platforms))];
  const { keepStopSignal } = base.options;
  const prepared = await preparePeerParts(engine, { platforms, id, clientMount, keepStopSignal });
  stack.defer(prepared.dispose);
  const home = join(work, 'home');
  await mkdir(home);
  const { parts, notes } = prepared;
  const tool = peerTool({ engine, repository: REPOSITORY, folder: gems, title, home, parts });
  const rooms = await openRooms(base, tool);
  // Each `destroy` of the peer takes 10 s, and `create` makes its images anew anyway: one instance is enough.
  const substances = await Promise.all(rooms.map((room) => warmUp(base, room, [room.kitchen.main])));
  return { rooms, notes, substance: substances[0] };
}

async function openRooms(base: Base, tool: Tool): Promise<readonly Room[]> {
  const { engine, work, id, signal } = base;
  const rooms: Room[] = [];
  for (const kitchen of base.kitchens) {
    if (tool.name === 'peer' && kitchen.forPeer === undefined) continue;
    const folder = join(work, `${tool.name}-${kitchen.name}-${id}`);
    rooms.push(await openRoom({ engine, repository: REPOSITORY, folder, tool, kitchen, signal }));
    base.stack.defer(() => tool.removeLeftovers(folder));
  }
  return rooms;
}

async function warmUp(base: Base, room: Room, instances: readonly string[]): Promise<Substance> {
  base.log(`warming up ${room.tool.title}`);
  await room.run(['create', ...instances]);
  const substance = await substanceOf(base.engine, room);
  await room.run(['destroy', ...instances]);
  return substance;
}
