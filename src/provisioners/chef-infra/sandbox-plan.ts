import { type LocalFile, sha256 } from '../../local/local-files.ts';
import type { PlannedFile } from '../../local/planned-file.ts';
import { type ClientRbInput, configFile, renderClientRb } from './client-rb.ts';
import type { Cookbook } from './cookbook.ts';
import { type ChefData, DATA_DIRS } from './data-dirs.ts';
import type { ExportedPolicy } from './resolve-cookbooks.ts';

/** Names the whole wanted content; on the instance it says that nothing was lost since the last upload. */
export const STAMP_FILE = '.galley/stamp';

export interface SandboxInput extends ClientRbInput {
  readonly cookbooks: readonly Cookbook[];
  readonly exported: ExportedPolicy | undefined;
  readonly data: ChefData;
}

/** Everything the client needs below the root path, in one reproducible order with the stamp last. */
export function planSandbox(input: SandboxInput): readonly PlannedFile[] {
  const { settings } = input;
  const files: PlannedFile[] = [
    fromText(configFile(settings), renderClientRb(input), 0o600),
    fromText('dna.json', `${JSON.stringify(nodeJson(input), undefined, 2)}\n`, 0o600),
  ];
  if (input.exported === undefined) {
    for (const cookbook of input.cookbooks) {
      for (const file of cookbook.files)
        files.push(fromFile(`cookbooks/${cookbook.name}/${file.path}`, file));
    }
  } else {
    for (const file of input.exported.files) files.push(fromFile(file.path, file));
  }
  for (const dir of DATA_DIRS) {
    for (const file of input.data.dirs[dir]) {
      // The client writes its own node object there; a node given by the user is a start value, see `nodeStart`.
      if (dir === 'nodes' && file.path === `${input.nodeName}.json` && settings.fresh_node) {
        files.push(fromFile(NODE_START_FILE, file));
      } else {
        files.push(fromFile(`${dir}/${file.path}`, file));
      }
    }
  }
  if (input.data.secret !== undefined) files.push(fromFile('encrypted_data_bag_secret', input.data.secret));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const listing = files.map((file) => `${file.path} ${file.mode.toString(8)} ${file.sha256}\n`).join('');
  return [...files, fromText(STAMP_FILE, `${sha256(listing)}\n`, 0o600)];
}

/** A user's own node file for this instance, copied over the client's before each converge. */
export const NODE_START_FILE = '.galley/node-start.json';

function nodeJson(input: SandboxInput): Record<string, unknown> {
  const { attributes, run_list } = input.settings;
  if (input.policy === undefined) return { ...attributes, run_list };
  return { ...attributes, policy_name: input.policy.name, policy_group: input.policy.group };
}

function fromText(path: string, text: string, mode: number): PlannedFile {
  return { path, source: { text }, mode, sha256: sha256(text) };
}

function fromFile(path: string, file: LocalFile): PlannedFile {
  return { path, source: { file: file.absolute }, mode: file.mode, sha256: file.sha256 };
}
