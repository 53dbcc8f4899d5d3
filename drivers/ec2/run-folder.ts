import { mkdir, readFile, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of what the machines of one run share, beside the state of the kitchen. */
export interface RunFolder {
  /** Absolute path of the private key. */
  readonly keyFile: string;
  /** Written down before anything is made for the instance. */
  hold(instance: string): Promise<void>;
  /** `last` (nobody holds the run any more) is told to one caller only; `unknown`: nobody ever held it here. */
  release(instance: string): Promise<'held' | 'last' | 'unknown'>;
  /** The private key; `make` gives one when there is none yet. Only its owner may read the file. */
  key(make: () => string): Promise<string>;
  remove(): Promise<void>;
}

/** Whether a text can be the id of a run: a name of a folder, and no way out of the one that it is in. */
export function isRunId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(text);
}

/** Opens the folder of a run; nothing is made before it is needed. `root`: the kitchen's folder. */
export function runFolder(root: string, runId: string): RunFolder {
  if (!isRunId(runId)) throw new Error(`no id of a run: ${JSON.stringify(runId.slice(0, 80))}`);
  const folder = join(root, '.galley', 'ec2', runId);
  const holders = join(folder, 'holders');
  const keyFile = join(folder, 'key');
  return {
    keyFile,
    async hold(instance) {
      await mkdir(holders, { recursive: true, mode: 0o700 });
      await writeFile(join(holders, instance), '');
    },
    async release(instance) {
      await unlink(join(holders, instance)).catch(ignoreMissing);
      try {
        // Fails while there is another holder: two processes cannot both be the last.
        await rmdir(holders);
        return 'last';
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'unknown' : 'held';
      }
    },
    async key(make) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        await writeFile(keyFile, make(), { mode: 0o600, flag: 'wx' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      return readFile(keyFile, 'utf8');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
