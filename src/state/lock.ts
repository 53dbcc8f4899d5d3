import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GalleyError } from '../core/errors.ts';
import { tryJson } from '../core/try-json.ts';
import type { Holder } from './lock-holder.ts';
import { readText } from './read-text.ts';
import { stateError } from './state-store.ts';

/** A lock that its process had no time to write: nobody's. */
const UNWRITTEN: Holder = { pid: 0, host: '', doing: 'an interrupted write' };
/** How long a process may take between making its lock and having written it. */
const WRITING_MS = 2000;
const POLL_MS = 200;

export interface LockOptions {
  readonly doing: string;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for another process; then the call fails. */
  readonly waitMs: number;
  /** Milliseconds after which something that is no lock is not waited for any longer; two seconds when not given. */
  readonly writingMs?: number;
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
  const path = join(dir, `${instance}.lock`);
  await mkdir(dir, { recursive: true }).catch((error: unknown) => {
    throw stateError('write', path, error);
  });
  const started = await processStart(process.pid);
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    ...(started !== undefined && { started }),
    doing: options.doing,
  };
  const deadline = Date.now() + options.waitMs;
  let told = false;
  while (!(await tryTake(path, mine))) {
    options.signal.throwIfAborted();
    const holder = await readHolder(path);
    if (holder === undefined) {
      await sleep(10, undefined, { signal: options.signal });
      if (Date.now() > deadline + (options.writingMs ?? WRITING_MS)) throw notALock(path);
      continue;
    }
    if (!(await isAlive(holder))) {
      await removeStale(path);
      continue;
    }
    if (!told) options.onWait(holder);
    told = true;
    if (Date.now() > deadline) throw lockedBy(holder, instance, path);
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
  return { [Symbol.asyncDispose]: () => release(path, mine) };
}

/** The live process that holds an instance's lock, if one does. */
export async function lockHolder(
  dir: string,
  instance: string,
): Promise<{ readonly pid: number; readonly doing: string } | undefined> {
  const holder = await readHolder(join(dir, `${instance}.lock`));
  return holder && (await isAlive(holder)) ? holder : undefined;
}

function lockedBy(holder: Holder, instance: string, path: string): GalleyError {
  const isHere = holder.host === hostname();
  return new GalleyError({
    code: 'state.locked',
    kind: 'infrastructure',
    message: `${instance} is in use by another galley (pid ${holder.pid}${isHere ? '' : ` on ${holder.host}`}: ${holder.doing})`,
    hint: isHere
      ? `wait for it to end, or stop process ${holder.pid}`
      : `wait for it to end; if ${holder.host} is gone, remove ${path}`,
  });
}

/** Something that is neither a lock nor goes away: a folder, a link to nowhere. */
function notALock(path: string): GalleyError {
  return new GalleyError({
    code: 'state.locked',
    kind: 'infrastructure',
    message: `${path} is in the way and is no lock of Galley's`,
    hint: `remove ${path}`,
  });
}

async function tryTake(path: string, holder: Holder): Promise<boolean> {
  try {
    await using file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(holder));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw stateError('write', path, error);
  }
}

/** Undefined when the file went away or its writer has not finished writing it. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const text = await readText(path);
    const schema = await import('./lock-holder.ts');
    const parsed = schema.Holder.safeParse(tryJson(text));
    if (parsed.success) return parsed.data;
    const { mtimeMs } = await stat(path);
    return Date.now() - mtimeMs > WRITING_MS ? UNWRITTEN : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'EISDIR') throw notALock(path);
    throw stateError('read', path, error);
  }
}

/**
 * Removes the lock of a dead process. One process at a time may do so: else the second of two that both saw the dead
 * one would remove the lock that the first has taken meanwhile.
 */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.stale`;
  try {
    await (await open(guard, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw stateError('write', guard, error);
    const age = Date.now() - (await stat(guard).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > WRITING_MS) await rm(guard, { force: true });
    else await sleep(10);
    return;
  }
  try {
    const now = await readHolder(path);
    if (now && !(await isAlive(now))) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Only what is still ours: after someone removed the folder another process may hold the lock. */
async function release(path: string, mine: Holder): Promise<void> {
  const now = await readHolder(path).catch(() => undefined);
  if (now?.pid === mine.pid && now.started === mine.started) await rm(path, { force: true });
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.pid === UNWRITTEN.pid) return false;
  if (holder.host !== hostname()) return true;
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
