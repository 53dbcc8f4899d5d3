import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (pid: number) => void;
}

const POLL_MS = 200;
const inProcess = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other Galley process on this machine, and nobody else in this one, runs work of the same
 * name. A lock whose process is dead (or whose pid now belongs to a younger process) is taken over.
 */
export async function withLock<T>(
  folder: string,
  name: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const key = join(folder, `${name}.lock`);
  const before = inProcess.get(key) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(async () => locked(folder, key, options, work));
  inProcess.set(key, mine);
  try {
    return await mine;
  } finally {
    if (inProcess.get(key) === mine) inProcess.delete(key);
  }
}

async function locked<T>(
  folder: string,
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const mark = JSON.stringify({ pid: process.pid, started: await startTime(process.pid) });
  let told = false;
  while (!(await take(path, mark))) {
    options.signal?.throwIfAborted();
    const holder = await readHolder(path);
    if (holder && !(await isAlive(holder))) await removeStale(path, holder);
    else {
      if (holder && !told) options.onWait?.(holder.pid);
      told ||= holder !== undefined;
      await sleep(POLL_MS, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string, mark: string): Promise<boolean> {
  try {
    await writeFile(path, mark, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly text: string;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const { pid, started } = JSON.parse(text) as { pid: number; started: string };
    return { pid, started, text };
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
  return started === '' || (await startTime(pid)) === started;
}

/** Renaming first makes sure that only one of several waiters removes the dead lock, and not a fresh one. */
async function removeStale(path: string, holder: Holder): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    const taken = await readFile(aside, 'utf8');
    if (taken === holder.text) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
}

/** Field 22 of /proc/PID/stat; empty where there is no /proc. */
async function startTime(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
