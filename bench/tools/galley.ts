import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Engine } from '../../src/docker/connect.ts';
import { LABEL } from '../../src/docker/labels.ts';
import { listLabelled, removeLabelled } from '../../src/docker/resources.ts';
import type { FoundContainer, Tool } from './tool.ts';

const Package = z.object({ version: z.string() });

/** The built Galley of this checkout, started as a user's shell would start it. */
export function galleyTool(engine: Engine, repository: string): Tool {
  const { version } = Package.parse(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')));
  return {
    name: 'galley',
    title: `Galley ${version}`,
    kitchenYaml: (kitchen) => kitchen.forGalley(),
    command: (folder, args) => ({
      file: process.execPath,
      args: [join(repository, 'dist/src/cli/bin.js'), ...args],
      cwd: folder,
      env: process.env,
    }),
    containers: (folder) => instanceContainers(engine, folder),
    saysNothingChanged: (output) => /\b0\/\d+ updated\b/.test(output),
    // Its row of the summary: times, resources, checks, outcome.
    saysTested: (output, instance) =>
      new RegExp(`^${instance} .*/\\d+ updated .*\\b[1-9]\\d* passed +passed`, 'm').test(output),
    removeLeftovers: async (folder) => {
      for (const project of await projects(engine, folder)) {
        await removeLabelled(engine, { label: [`${LABEL.project}=${project}`] });
      }
    },
  };
}

async function instanceContainers(engine: Engine, folder: string): Promise<readonly FoundContainer[]> {
  const found = await engine.docker.listContainers({
    all: true,
    filters: { label: [`${LABEL.kind}=instance`] },
  });
  return found
    .filter((one) => one.Labels[LABEL.project]?.startsWith(basename(folder)))
    .map((one) => ({
      id: one.Id,
      name: one.Labels[LABEL.instance] ?? '',
      isRunning: one.State === 'running',
    }));
}

/** A project's label is the folder's name and a hash; the bench's folder names are unique. */
async function projects(engine: Engine, folder: string): Promise<ReadonlySet<string>> {
  const all = await listLabelled(engine, { label: [LABEL.project] });
  const names = all.map((one) => one.labels[LABEL.project] ?? '');
  return new Set(names.filter((name) => name.startsWith(basename(folder))));
}
