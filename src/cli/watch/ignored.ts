import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { loadChefignore } from '../../provisioners/chef-infra/chefignore.ts';

/** Those of the files (absolute) that git ignores; none where there is no git or no repository. */
export async function gitIgnored(root: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const inside = files.filter((file) => file.startsWith(`${root}${sep}`));
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

/** Those of the files (absolute) that chefignore leaves out of the cookbook they lie in. */
export async function chefIgnored(root: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const rules = new Map<string, ReturnType<typeof loadChefignore>>();
  const ignored = new Set<string>();
  for (const file of files) {
    const cookbook = cookbookOf(file, root);
    if (cookbook === undefined) continue;
    const rule = rules.get(cookbook) ?? loadChefignore(cookbook, root);
    rules.set(cookbook, rule);
    const isIgnored = await rule;
    if (isIgnored(relative(cookbook, file).split(sep).join('/'))) ignored.add(file);
  }
  return ignored;
}

/** The nearest folder above the file that is a cookbook, not above the kitchen's when the file is in there. */
function cookbookOf(file: string, root: string): string | undefined {
  let dir = dirname(file);
  for (;;) {
    if (['metadata.rb', 'metadata.json'].some((name) => existsSync(join(dir, name)))) return dir;
    if (dir === root || dir === dirname(dir)) return undefined;
    dir = dirname(dir);
  }
}
