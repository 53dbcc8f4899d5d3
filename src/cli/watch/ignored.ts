import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isBelow, slashed } from '../../core/paths.ts';
import type { InCookbook } from '../../plan/saved-file.ts';
import { isSentOf } from '../../provisioners/chef-infra/cookbook.ts';

/** Those of the files (absolute) that git ignores; none where there is no git or no repository. */
export async function gitIgnored(root: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const inside = files.filter((file) => isBelow(file, root));
  if (inside.length === 0) return new Set();
  const child = spawn('git', ['check-ignore', '--stdin', '-z'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  // A git that ends without reading, and one that is not there, leave nothing ignored.
  child.stdin.on('error', () => undefined);
  child.stdin.end(['.', ...inside.map((file) => relative(root, file))].join('\0'));
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const ignored = output.split('\0').filter((name) => name !== '');
  // In a folder that is ignored as a whole, that says nothing of its files.
  if (ignored.includes('.')) return new Set();
  return new Set(ignored.map((name) => join(root, name)));
}

/**
 * The cookbooks that each of the files (absolute) lies in, nearest first, and whether it is sent with them. A README is
 * sent and read by nobody. `globs`: each `cookbook_files_glob` of the kitchen; undefined is the usual one.
 */
export async function cookbooksAround(
  root: string,
  files: readonly string[],
  globs: readonly (readonly string[] | undefined)[],
): Promise<ReadonlyMap<string, readonly InCookbook[]>> {
  const rules = new Map<string, Promise<readonly ((path: string) => boolean)[]>>();
  const found = new Map<string, readonly InCookbook[]>();
  for (const file of files) {
    const around: InCookbook[] = [];
    for (const dir of cookbooksAbove(file, root)) {
      const rule = rules.get(dir) ?? Promise.all(globs.map((glob) => isSentOf(dir, root, glob)));
      rules.set(dir, rule);
      const path = slashed(relative(dir, file));
      const isSent = !/^README(?:\.[^/]*)?$/i.test(path) && (await rule).some((accepts) => accepts(path));
      around.push({ dir, isSent });
    }
    if (around.length > 0) found.set(file, around);
  }
  return found;
}

/** Folders above the file that are a cookbook or lie among cookbooks, not above the kitchen's when the file is in there. */
function cookbooksAbove(file: string, root: string): readonly string[] {
  const found: string[] = [];
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    const isCookbook = ['metadata.rb', 'metadata.json'].some((name) => existsSync(join(dir, name)));
    if (isCookbook || ['cookbooks', 'site-cookbooks'].includes(basename(dirname(dir)))) found.push(dir);
    if (dir === root || dir === dirname(dir)) return found;
  }
}
