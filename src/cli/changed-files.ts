import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { GalleyError } from '../core/errors.ts';

const run = promisify(execFile);

/**
 * Absolute paths of the files that differ between the working tree and a git revision, in the whole repository:
 * committed since, changed, staged and new files that are not ignored. Throws `usage.no_git` and `usage.bad_revision`.
 */
export async function changedFiles(root: string, revision: string): Promise<readonly string[]> {
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: root, maxBuffer: 256 * 1024 * 1024 })).stdout;
  const top = await git('rev-parse', '--show-toplevel').catch((cause: unknown) => {
    throw new GalleyError({
      code: 'usage.no_git',
      kind: 'usage',
      message: '--changed-since needs git and a repository around the kitchen',
      got: reason(cause),
      hint: 'select instances by name, --suite or --tag instead',
      cause,
    });
  });
  const commit = `${revision}^{commit}`;
  await git('rev-parse', '--verify', '--quiet', '--end-of-options', commit).catch((cause: unknown) => {
    throw new GalleyError({
      code: 'usage.bad_revision',
      kind: 'usage',
      message: `'${revision}' is no revision of this repository`,
      got: revision,
      hint: 'a shallow clone has no older commits: git fetch --unshallow; git log --oneline shows what there is',
      cause,
    });
  });
  const [differing, untracked] = await Promise.all([
    git('diff', '--name-only', '--no-renames', '-z', revision, '--'),
    git('ls-files', '--others', '--exclude-standard', '--full-name', '-z', ':/'),
  ]);
  const names = [...differing.split('\0'), ...untracked.split('\0')].filter((name) => name !== '');
  return [...new Set(names)].map((name) => resolve(top.trim(), name));
}

function reason(cause: unknown): string {
  const { code, stderr } = cause as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') return 'there is no git here';
  return stderr?.trim().split('\n')[0] ?? String(cause);
}
