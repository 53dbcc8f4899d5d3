import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { GalleyError } from '../core/errors.ts';

export interface LocalCommandOptions {
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only root may name another user than itself. */
  readonly user: string | undefined;
  readonly timeoutMs: number;
  /** Between asking its processes to end and killing them; two seconds when not given. */
  readonly graceMs?: number;
  readonly signal: AbortSignal;
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  /** What it is run for, in errors; default: a hook. */
  readonly purpose?: 'hook' | 'verifier';
}

const GRACE_MS = 2000;
/** How long output is still read after the shell has ended: a child it left in the background may hold it open. */
const TAIL_MS = 250;

/**
 * Runs shell text with /bin/sh as a process group of its own. Gives the exit code (128 + signal for a killed shell),
 * or `timeout` when it was stopped for being slow. On abort the group is stopped too and the reason is thrown.
 */
export async function runLocally(command: string, options: LocalCommandOptions): Promise<number | 'timeout'> {
  options.signal.throwIfAborted();
  const identity = options.user === undefined ? {} : await identityOf(options.user, purposeOf(options));
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => options.onOutput(stream, chunk));
  }
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  let stopped: 'timeout' | 'abort' | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (why: 'timeout' | 'abort'): void => {
    stopped ??= why;
    stopping ??= stopGroup(child, options.graceMs ?? GRACE_MS);
  };
  const timer = setTimeout(stop, options.timeoutMs, 'timeout');
  const onAbort = (): void => stop('abort');
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const code = await exitOf(child, options);
    await stopping;
    await Promise.race([closed, sleep(TAIL_MS, undefined, { ref: false })]);
    if (stopped === 'abort') options.signal.throwIfAborted();
    return stopped === 'timeout' ? 'timeout' : code;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', onAbort);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Asks the whole group to end, and kills what is left of it. */
async function stopGroup(child: ChildProcess, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  let alive = signalGroup(child, 'SIGTERM');
  while (alive && performance.now() < deadline) {
    await sleep(50);
    alive = signalGroup(child, 0);
  }
  signalGroup(child, 'SIGKILL');
}

/** False when no process of the group is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

function exitOf(child: ChildProcess, options: LocalCommandOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(cause, options)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function purposeOf({ purpose }: LocalCommandOptions): 'hook' | 'verifier' {
  return purpose ?? 'hook';
}

function cannotStart(cause: NodeJS.ErrnoException, options: LocalCommandOptions): GalleyError {
  const { cwd, user } = options;
  const purpose = purposeOf(options);
  const denied = cause.code === 'EPERM' && user !== undefined;
  return new GalleyError({
    code: `${purpose}.cannot_start`,
    kind: 'config',
    message: denied
      ? `only root can run a local ${purpose} as another user (${user})`
      : `a local ${purpose} cannot be started in ${cwd}: ${cause.message}`,
    hint: denied ? 'drop `user`, or put sudo into the command' : `check the ${purpose}’s \`cwd\``,
    cause,
  });
}

async function identityOf(
  user: string,
  purpose: 'hook' | 'verifier',
): Promise<{ readonly uid: number; readonly gid: number }> {
  const ask = async (flag: string): Promise<number> => {
    const { stdout } = await promisify(execFile)('id', [flag, '--', user]);
    return Number(stdout.trim());
  };
  try {
    return { uid: await ask('-u'), gid: await ask('-g') };
  } catch (cause) {
    throw new GalleyError({
      code: `${purpose}.unknown_user`,
      kind: 'config',
      message: `this machine has no user ${user}`,
      hint: `correct the ${purpose}’s \`user\``,
      cause,
    });
  }
}
