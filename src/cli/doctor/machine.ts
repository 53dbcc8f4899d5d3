import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Kitchen } from '../../core/kitchen.ts';
import type { Host } from '../host.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { judgeDisk, judgeTool } from './judge.ts';

const NODE = [22, 22] as const;

export function probeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return ok('node', version);
  return fail(
    'node',
    `${version} is too old`,
    `npm install --global node@24, or any Node from ${NODE.join('.')} on`,
  );
}

export async function probeDisk(host: Host, root: string): Promise<readonly Finding[]> {
  const folders = [join(root, '.galley'), host.cacheDir];
  return Promise.all(
    folders.map(async (folder) => {
      try {
        const there = nearest(folder);
        if (!statSync(there).isDirectory()) {
          return fail(
            'disk',
            `${folder} cannot be made: ${there} is no folder`,
            'move it away, or correct HOME or XDG_CACHE_HOME',
          );
        }
        const { bavail, bsize } = await statfs(there);
        return judgeDisk('disk', folder, bavail * bsize);
      } catch (error) {
        return warn('disk', `${folder}: ${(error as Error).message}`, 'check that the folder may be read');
      }
    }),
  );
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

/** Workstation tools, where a file in the cookbook asks for one. */
export function probeTools(host: Host, kitchen: Kitchen): readonly Finding[] {
  const isVendored = kitchen.instances.every((config) =>
    ['cookbook_paths', 'cookbook_path'].some((key) => config.provisioner.settings[key] !== undefined),
  );
  const usesChef = kitchen.instances.some((config) =>
    ['chef_infra', 'chef_zero', 'cinc_infra', 'dokken', undefined].includes(config.provisioner.name),
  );
  const isNeeded = usesChef && !isVendored;
  const findings: Finding[] = [];
  if (existsSync(join(kitchen.root, 'Policyfile.rb'))) {
    const path = onPath(['chef-cli', 'chef'], host);
    findings.push(judgeTool('Policyfile.rb', 'chef-cli', path, isNeeded, 'gem install chef-cli'));
  } else if (existsSync(join(kitchen.root, 'Berksfile'))) {
    findings.push(
      judgeTool('Berksfile', 'berks', onPath(['berks'], host), isNeeded, 'gem install berkshelf'),
    );
  }
  return findings;
}

function onPath(names: readonly string[], host: Host): string | undefined {
  const folders = (host.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}
