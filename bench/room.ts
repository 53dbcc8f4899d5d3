import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import type { Engine } from '../src/docker/connect.ts';
import { execInContainer } from '../src/docker/exec.ts';
import type { BenchKitchen } from './kitchens/kitchen.ts';
import { runCommand, runCommandOrThrow } from './run-command.ts';
import type { Stage } from './stage.ts';
import type { Room, Tool } from './tools/tool.ts';

export interface RoomRequest {
  readonly engine: Engine;
  readonly repository: string;
  /** The folder to make. */
  readonly folder: string;
  readonly tool: Tool;
  readonly kitchen: BenchKitchen;
  readonly signal: AbortSignal;
}

/** Writes a kitchen for one tool. */
export async function openRoom({
  engine,
  repository,
  folder,
  tool,
  kitchen,
  signal,
}: RoomRequest): Promise<Room> {
  await mkdir(folder, { recursive: true });
  for (const source of kitchen.folders) {
    await cp(join(repository, source), join(folder, basename(source)), { recursive: true });
  }
  await writeFile(join(folder, 'kitchen.yml'), stringify(tool.kitchenYaml(kitchen)));
  return {
    tool,
    kitchen,
    folder,
    stage: 'absent',
    run: (args) => runCommandOrThrow(tool.command(folder, args), signal),
    tryRun: (args) => runCommand(tool.command(folder, args), signal),
    inside: async (argv, instance = kitchen.main) => {
      const found = (await tool.containers(folder)).find((one) => one.name === instance);
      if (!found) throw new Error(`${tool.title} has no container for ${instance}`);
      return execInContainer(engine, found.id, { argv, name: instance, timeoutMs: 30_000, signal });
    },
  };
}

const ORDER: readonly Stage[] = ['absent', 'created', 'converged'];

/** Brings the main instance to a stage, with the tool's own commands, untimed. */
export async function reachStage(room: Room, wanted: Stage): Promise<void> {
  const { main } = room.kitchen;
  if (ORDER.indexOf(room.stage) > ORDER.indexOf(wanted)) {
    await room.run(['destroy', main]);
    room.stage = 'absent';
  }
  if (room.stage === wanted) return;
  await room.run([wanted === 'created' ? 'create' : 'converge', main]);
  room.stage = wanted;
}
