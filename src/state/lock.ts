import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GalleyError } from '../core/errors.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Kernel start time of the process in clock ticks, so that a recycled pid is not taken for the holder. */
  readonly started: string | undefined;
  readonly doing: string;
}

export interface LockOptions {
  readonly doing: string;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for another process; then the call fails. */
  readonly waitMs: number;
  /** Called once when another process holds the lock. */
  onWait(holder: { readonly pid: number; readonly doing: string }): void;
}

/**
 * Lets one process at a time act on an instance. The lock file names its holder; a holder that is dead (kill -9)
 * does not block. Release by disposing.
 */
export async function lockInstance(
  dir: string,
  instance: string,
  options: LockOptions,
): Promise<AsyncDisposable> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, `${instance}.lock`);
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    started: await processStart(process.pid),
    doing: options.doing,
  };
  const deadline = Date.now() + options.waitMs;
  let told = false;
  while (!(await tryTake(path, mine))) {
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (!(await isAlive(holder))) {
      await removeStale(path, holder);
      continue;
    }
    if (!told) options.onWait(holder);
    told = true;
    if (Date.now() > deadline) {
      throw new GalleyError({
        code: 'state.locked',
        kind: 'infrastructure',
        message: `${instance} is in use by another galley (pid ${holder.pid}: ${holder.doing})`,
        hint: `wait for it to end, or stop process ${holder.pid}`,
      });
    }
    await sleep(200, undefined, { signal: options.signal });
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

async function tryTake(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when the file went away or its writer has not finished writing it. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    await sleep(50);
    const again = await readFile(path, 'utf8').catch(() => undefined);
    if (again === undefined) return undefined;
    try {
      return JSON.parse(again) as Holder;
    } catch {
      return { pid: 0, host: hostname(), started: undefined, doing: 'an interrupted write' };
    }
  }
}

/** Removes the lock only when it still belongs to the dead holder. */
async function removeStale(path: string, dead: Holder): Promise<void> {
  const now = await readHolder(path);
  if (now?.pid === dead.pid && now.started === dead.started) await rm(path, { force: true });
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  if (holder.pid === 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const started = await processStart(holder.pid);
  return started === undefined || holder.started === undefined || started === holder.started;
}

/** Field 22 of /proc/PID/stat (proc(5)); undefined where there is no /proc. */
async function processStart(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
