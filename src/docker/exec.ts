import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { CappedBuffer } from '../core/capped-buffer.ts';
import type { Engine } from './connect.ts';
import { containerGone, containerState } from './container-state.ts';
import { demultiplexer } from './demux.ts';
import { isConflict, isNotFound, toDockerError } from './errors.ts';
import { killTree } from './kill-tree.ts';
import { limitsOf } from './limits.ts';

export interface ExecRequest {
  readonly argv: readonly string[];
  /** Name of the container, for messages. */
  readonly name: string;
  /** Default: root, whatever user the image names. */
  readonly user?: string | undefined;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly stdin?: string | Uint8Array | Readable | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((stream: 'stdout' | 'stderr', chunk: Buffer) => void) | undefined;
}

export interface ExecOutcome {
  readonly exitCode: number;
  /** At most 16 MiB of each; `onOutput` sees everything. */
  readonly stdout: string;
  readonly stderr: string;
}

export const OUTPUT_LIMIT = 16 * 1024 * 1024;
const WATCH_MS = 1000;
const PID_MS = 10_000;

/**
 * Tells its pid on the first line of stderr, then becomes the command. The engine has no call that ends an exec, so
 * the pid inside the container is what makes a timeout able to kill it.
 */
const WRAPPER = ['/bin/sh', '-c', 'echo $$ >&2; exec "$@"', 'sh'];

/**
 * Runs argv in a running container through the engine's exec API. A non-zero exit is a result. Throws
 * `docker.container_gone` when the container stops, is paused or vanishes, `transport.timeout`, or the abort's
 * reason; in the last two cases the command and its children have been killed.
 */
export async function execInContainer(
  engine: Engine,
  id: string,
  request: ExecRequest,
): Promise<ExecOutcome> {
  request.signal?.throwIfAborted();
  const { exec, stream } = await open(engine, id, request);
  const stdout = new CappedBuffer(OUTPUT_LIMIT);
  const stderr = new CappedBuffer(OUTPUT_LIMIT);
  const header = pidHeader();
  const demux = demultiplexer((name, chunk) => {
    const content = name === 'stderr' ? header.strip(chunk) : chunk;
    if (content.length === 0) return;
    (name === 'stderr' ? stderr : stdout).push(content);
    request.onOutput?.(name, content);
  });
  stream.on('data', demux);
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
  feed(stream, request.stdin);
  using limits = limitsOf(request);
  using watch = watchdog(engine, id, request.name, exec);
  try {
    await Promise.race([ended, watch.finished, limits.reached]);
  } catch (error) {
    if (limits.wasReached()) await killTree(engine, id, await header.pid(ended)).catch(() => undefined);
    throw error;
  } finally {
    stream.destroy();
  }
  const exitCode = await exitCodeOf(engine, id, request.name, exec);
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

async function open(engine: Engine, id: string, request: ExecRequest) {
  try {
    const exec = await engine.docker.getContainer(id).exec({
      AttachStdin: request.stdin !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      Cmd: [...WRAPPER, ...request.argv],
      User: request.user ?? '0',
      Env: Object.entries(request.env ?? {}).map(([key, value]) => `${key}=${value}`),
      ...(request.cwd !== undefined && { WorkingDir: request.cwd }),
    });
    const stream = await exec.start({ hijack: true, stdin: request.stdin !== undefined, Detach: false });
    return { exec, stream };
  } catch (error) {
    if (isNotFound(error) || isConflict(error) || (await containerState(engine, id)).status !== 'running') {
      throw await containerGone(engine, id, request.name);
    }
    throw toDockerError(error, `run ${request.argv[0]} in ${request.name}`);
  }
}

/** A command may well exit without reading its input: failing writes are not errors. */
export function feed(stream: NodeJS.ReadWriteStream, stdin: ExecRequest['stdin']): void {
  if (stdin === undefined) return;
  if (typeof stdin === 'string' || stdin instanceof Uint8Array) {
    stream.end(stdin);
    return;
  }
  if (stdin.destroyed) {
    // It broke while the engine made the command ready: whoever gave it knows why.
    stream.end();
    return;
  }
  stdin.once('error', () => stream.end());
  stdin.once('close', () => stream.end());
  stdin.pipe(stream);
}

function pidHeader() {
  let seen: Buffer | undefined = Buffer.alloc(0);
  let pid: number | undefined;
  return {
    /**
     * Undefined when it does not tell, also until the stream has ended. A command that is cancelled at once has to be
     * waited for: a busy engine begins with it seconds later, and then nobody would end it.
     */
    async pid(ended: Promise<void>): Promise<number | undefined> {
      let isOver = false;
      void ended.then(() => (isOver = true));
      const isKnown = () => seen === undefined || isOver;
      for (let left = PID_MS; !isKnown() && left > 0; left -= 20) await sleep(20);
      return pid;
    },
    strip(chunk: Buffer): Buffer {
      if (seen === undefined) return chunk;
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf(10);
      if (end < 0 && seen.length < 16) return Buffer.alloc(0);
      const text = seen.subarray(0, Math.max(end, 0)).toString();
      const rest = /^\d+$/.test(text) ? seen.subarray(end + 1) : seen;
      if (rest !== seen) pid = Number(text);
      seen = undefined;
      return rest;
    },
  };
}

/**
 * Looks after an exec from the side. The stream alone is not enough: it stays open when the container is paused, and
 * when a daemon that the command left behind has inherited its output.
 */
function watchdog(engine: Engine, id: string, name: string, exec: Dockerode.Exec) {
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    let over = 0;
    while (over < 2) {
      await sleep(WATCH_MS, undefined, { signal: stop.signal });
      const [state, info] = await Promise.all([
        containerState(engine, id),
        exec.inspect().catch(() => undefined),
      ]);
      if (state.status !== 'running') throw await containerGone(engine, id, name);
      over = info?.Running === false ? over + 1 : 0;
    }
  };
  const finished = look();
  finished.catch(() => undefined);
  return { finished, [Symbol.dispose]: () => stop.abort() };
}

/** The engine closes the stream a moment before it knows the exit code. */
async function exitCodeOf(engine: Engine, id: string, name: string, exec: Dockerode.Exec): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const info = await inspected(exec);
    if (info === undefined) throw await containerGone(engine, id, name);
    if (!info.Running && info.ExitCode !== null) {
      if (info.ExitCode === 137) await assertStillThere(engine, id, name);
      return info.ExitCode;
    }
    if ((await containerState(engine, id)).status !== 'running') throw await containerGone(engine, id, name);
    await sleep(Math.min(10 * (tries + 1), 100));
  }
  throw toDockerError(new Error('the engine does not tell the exit code'), `run a command in ${name}`);
}

async function inspected(exec: Dockerode.Exec) {
  try {
    return await exec.inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw toDockerError(error, 'learn the exit code of a command');
  }
}

/** 137 = killed: by someone inside, or with the whole container, which the engine notices a little later. */
async function assertStillThere(engine: Engine, id: string, name: string): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    if ((await containerState(engine, id)).status !== 'running') throw await containerGone(engine, id, name);
    await sleep(50);
  }
}
