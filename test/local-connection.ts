import { type ChildProcess, spawn } from 'node:child_process';
import { lstat, readFile } from 'node:fs/promises';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { commandTimeout } from '../src/core/command-timeout.ts';
import { GalleyError } from '../src/core/errors.ts';
import type { CommandResult, Connection, ExecuteOptions } from '../src/core/transport.ts';
import {
  noSuchPath,
  notAFile,
  packCommand,
  transferError,
  unpackCommand,
} from '../src/transports/remote-files.ts';

/** Where it happened, in errors. */
const HERE = 'on this machine';

/** A connection to this machine itself, as the calling user: real commands and files where a test needs no machine. */
export class LocalConnection implements Connection {
  readonly #cwd: string;
  readonly #env: NodeJS.ProcessEnv;

  /** `cwd` is where commands start that name no folder, `env` what they inherit. */
  constructor(cwd: string, env: Readonly<Record<string, string | undefined>>) {
    this.#cwd = cwd;
    this.#env = env;
  }

  async execute(argv: readonly string[], options: ExecuteOptions = {}): Promise<CommandResult> {
    options.signal?.throwIfAborted();
    const words = options.user === undefined ? argv : ['sudo', '-n', '-u', options.user, '--', ...argv];
    const [program = '', ...args] = words;
    const started = performance.now();
    // A group of its own, so that the children of a command that is stopped end with it.
    const child = spawn(program, args, {
      cwd: options.cwd ?? this.#cwd,
      env: { ...this.#env, ...options.env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stopped: 'timeout' | 'abort' | undefined;
    const stop = (why: 'timeout' | 'abort'): void => {
      stopped = why;
      killGroup(child);
    };
    const timer =
      options.timeoutMs === undefined ? undefined : setTimeout(stop, options.timeoutMs, 'timeout');
    const onAbort = (): void => stop('abort');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].on('data', (chunk: Buffer) => {
          output[stream].push(chunk);
          options.onOutput?.(stream, chunk);
        });
      }
      // The command may end without reading its input.
      child.stdin.on('error', () => {});
      child.stdin.end(options.stdin ?? '');
      const exitCode = await exitOf(child, program);
      if (stopped === 'timeout') throw commandTimeout(argv[0] ?? '', HERE, options.timeoutMs ?? 0);
      options.signal?.throwIfAborted();
      return {
        exitCode,
        stdout: Buffer.concat(output.stdout).toString('utf8'),
        stderr: Buffer.concat(output.stderr).toString('utf8'),
        durationMs: performance.now() - started,
        via: options.user === undefined ? 'local' : 'sudo',
      };
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  async upload(tar: Readable, remoteDir: string): Promise<void> {
    const [program = '', ...args] = unpackCommand(remoteDir);
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    const complaints: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    const [exitCode] = await Promise.all([exitOf(child, 'tar'), feed(tar, child.stdin)]);
    if (exitCode === 0) return;
    throw failed(remoteDir, 'unpack into', exitCode, complaints);
  }

  async download(remotePath: string): Promise<Readable> {
    if ((await lstat(remotePath).catch(() => undefined)) === undefined) throw noSuchPath(remotePath, HERE);
    const [program = '', ...args] = packCommand(remotePath);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const complaints: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    // Piped at once: Node throws away what an ended child's output holds while nobody reads it.
    const content = new PassThrough();
    child.stdout.pipe(content, { end: false });
    // Nobody reads on: without this, tar would wait for ever to be read.
    content.once('close', () => child.kill());
    exitOf(child, 'tar').then(
      (exitCode) => {
        if (exitCode === 0) content.end();
        else content.destroy(failed(remotePath, 'pack', exitCode, complaints));
      },
      (error: Error) => content.destroy(error),
    );
    return content;
  }

  async readFile(remotePath: string): Promise<Buffer | undefined> {
    try {
      return await readFile(remotePath);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw code === 'EISDIR' ? notAFile(remotePath, HERE) : error;
    }
  }

  loginCommand(): readonly string[] {
    return ['/bin/sh', '-l'];
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/**
 * Writes a stream into the input of a command. That the command ends before all is written is no error here: it may
 * have read enough, and when it failed, its exit code says so. Throws when the stream itself breaks.
 */
async function feed(source: Readable, input: Writable): Promise<void> {
  let hasEnded = false;
  let broken: Error | undefined;
  source.once('end', () => {
    hasEnded = true;
  });
  const onClosed = (error?: Error): void => {
    if (!hasEnded && !input.destroyed) broken ??= error ?? new Error('the stream of files broke off');
  };
  source.once('error', onClosed);
  source.once('close', onClosed);
  await pipeline(source, input).catch(() => {});
  if (broken !== undefined) throw broken;
}

function exitOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new GalleyError({
          code: 'transport.cannot_run',
          kind: 'infrastructure',
          message: `${program} cannot be run: ${cause.message}`,
          cause,
        }),
      ),
    );
    child.on('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === 'SIGKILL' ? 9 : signal === 'SIGINT' ? 2 : 15;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

function failed(path: string, doing: string, exitCode: number, complaints: readonly Buffer[]): GalleyError {
  const stderr = Buffer.concat(complaints).toString('utf8');
  return transferError({ doing: `${doing} ${path}`, path, where: HERE, exitCode, stderr });
}
