import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { CappedBuffer } from '../../core/capped-buffer.ts';
import { commandTimeout } from '../../core/command-timeout.ts';
import { GalleyError } from '../../core/errors.ts';
import { KILL_TREE } from '../../core/kill-tree.ts';
import type { CommandResult, ExecuteOptions } from '../../core/transport.ts';
import { unlessAborted } from '../../core/unless-aborted.ts';
import { type CommandUser, commandLine, commandScript } from './command-script.ts';
import { sudoError } from './errors.ts';
import { type Link, opened } from './link.ts';
import { Marked } from './marked.ts';

export interface Shell {
  readonly link: Link;
  readonly sudo: boolean;
  readonly sudoCommand: string;
  readonly forwardAgent: boolean;
}

export interface SshRequest extends Omit<ExecuteOptions, 'stdin'> {
  readonly argv: readonly string[];
  readonly stdin?: string | Uint8Array | Readable | undefined;
  /** Takes standard output instead of its being kept; the next chunk waits for the promise. */
  readonly onStdout?: (chunk: Buffer) => Promise<void> | void;
}

const OUTPUT_LIMIT = 16 * 1024 * 1024;
/** A daemon that has inherited the output keeps it open after the command's end, and may write to it for ever. */
const SILENCE_MS = 500;
const LAST_MS = 5000;
const KILL_MS = 20_000;
const PID_MS = 5000;

/**
 * Runs argv. A non-zero exit is a result. Throws `ssh.lost` when the connection ends before the command,
 * `transport.timeout` or the abort's reason when the command and its children have been killed, `ssh.sudo_…`.
 */
export async function execute(shell: Shell, request: SshRequest): Promise<CommandResult> {
  request.signal?.throwIfAborted();
  const { link } = shell;
  const started = performance.now();
  const who: CommandUser = { ...shell, login: link.place.username, user: request.user };
  const mark = `galley-${randomBytes(9).toString('hex')}`;
  const script = Buffer.from(commandScript(mark, request));
  const { line, via } = commandLine(script.length, who);
  const opening = link.session((on, done) =>
    on.exec(line, { agentForward: shell.forwardAgent } as never, done),
  );
  const { client, channel } = await unlessAborted(opening, request.signal, ({ channel: late }) => {
    late.on('error', () => undefined);
    late.destroy();
    link.leave();
  });
  try {
    const out = collect(channel, request, mark);
    feed(channel, script, request.stdin);
    const ended = endOf(channel);
    const end = await limited(shell, client, request, ended, out.pid);
    if (end.exitCode === undefined && !link.isCurrent(client))
      throw link.lost(request.argv[0] ?? 'a command');
    await out.drained();
    if (out.pid() === undefined) throw notStarted(shell, out.noise(), end.exitCode);
    const exitCode = end.exitCode ?? 255;
    return {
      exitCode,
      stdout: out.stdout(),
      stderr: out.stderr(),
      durationMs: performance.now() - started,
      via,
    };
  } finally {
    channel.destroy();
    link.leave();
  }
}

function collect(channel: ClientChannel, request: SshRequest, mark: string) {
  const kept = { stdout: new CappedBuffer(OUTPUT_LIMIT), stderr: new CappedBuffer(OUTPUT_LIMIT) };
  const marked = { stdout: new Marked(mark), stderr: new Marked(mark) };
  let pending: Promise<void> = Promise.resolve();
  const read = (name: 'stdout' | 'stderr', stream: Readable): void => {
    stream.on('data', (chunk: Buffer) => {
      const content = marked[name].take(chunk);
      if (marked[name].isHopeless()) channel.destroy();
      if (content.length === 0) return;
      request.onOutput?.(name, content);
      if (name === 'stderr' || !request.onStdout) return kept[name].push(content);
      const taken = request.onStdout(content);
      if (!taken) return undefined;
      stream.pause();
      pending = taken.finally(() => stream.resume());
      pending.catch(() => channel.destroy());
      return undefined;
    });
  };
  read('stdout', channel);
  read('stderr', channel.stderr);
  return {
    pid: (): number | undefined => Number(marked.stderr.word()) || undefined,
    noise: () => `${marked.stderr.noise()}${marked.stdout.word() === undefined ? marked.stdout.noise() : ''}`,
    drained: () => pending,
    stdout: () => kept.stdout.toString(),
    stderr: () => kept.stderr.toString(),
  };
}

/** A command may well end without reading its input: writes that fail are no errors. */
function feed(channel: ClientChannel, script: Buffer, stdin: SshRequest['stdin']): void {
  channel.on('error', () => undefined);
  channel.write(script);
  if (stdin === undefined) channel.end();
  else if (typeof stdin === 'string' || stdin instanceof Uint8Array) channel.end(stdin);
  else if (stdin.destroyed) {
    // It broke while the connection was made: whoever gave it knows why.
    channel.end();
  } else {
    stdin.once('error', () => channel.end());
    stdin.once('close', () => channel.end());
    stdin.pipe(channel);
  }
}

interface End {
  /** Undefined when the connection ended first. */
  readonly exitCode: number | undefined;
}

/** Ends with the channel, or soon after the command when something else holds its output open. */
export function endOf(channel: ClientChannel, lastMs = LAST_MS): Promise<End> {
  return new Promise((resolve) => {
    let exitCode: number | undefined;
    let timer: NodeJS.Timeout | undefined;
    let last: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      clearTimeout(last);
      resolve({ exitCode });
    };
    const wait = (): void => {
      if (exitCode === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(finish, SILENCE_MS);
    };
    channel.once('exit', (code: number | null, signal?: string) => {
      exitCode = code ?? 128 + (SIGNALS[(signal ?? '').replace(/^SIG/, '')] ?? 0);
      last = setTimeout(finish, lastMs);
      wait();
    });
    channel.on('data', wait);
    channel.stderr.on('data', wait);
    channel.once('close', finish);
  });
}

/** Numbers of the signals of RFC 4254, 6.10, on Linux. */
const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  ABRT: 6,
  FPE: 8,
  KILL: 9,
  SEGV: 11,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
};

async function limited(
  shell: Shell,
  client: Client,
  request: SshRequest,
  ended: Promise<End>,
  pid: () => number | undefined,
): Promise<End> {
  const { signal, timeoutMs, argv } = request;
  const stop = Promise.withResolvers<never>();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => stop.reject(commandTimeout(argv[0] ?? '', `on ${shell.link.place.host}`, timeoutMs)),
          timeoutMs,
        );
  const onAbort = (): void => stop.reject(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  let isStopped = true;
  try {
    const end = await Promise.race([ended, stop.promise]);
    isStopped = false;
    return end;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    stop.promise.catch(() => undefined);
    if (isStopped) await kill(shell, client, await told(pid, ended), request.user);
  }
}

/** What is stopped before it has told its pid begins all the same, on a busy machine a while later. */
async function told(pid: () => number | undefined, ended: Promise<End>): Promise<number | undefined> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  const isKnown = () => pid() !== undefined || isOver;
  for (let left = PID_MS; !isKnown() && left > 0; left -= 20) await sleep(20);
  return pid();
}

/** Over the same connection, past the queue: `max_ssh_sessions` leaves one that sshd allows. Gives up quietly. */
async function kill(
  shell: Shell,
  client: Client,
  pid: number | undefined,
  user: string | undefined,
): Promise<void> {
  if (pid === undefined || pid <= 1 || !shell.link.isCurrent(client)) return;
  const script = Buffer.from(commandScript('-', { argv: ['/bin/sh', '-c', KILL_TREE, 'sh', String(pid)] }));
  const login = shell.link.place.username;
  const { line } = commandLine(script.length, { ...shell, login, user: shell.sudo ? undefined : user });
  try {
    const channel = await opened(client, (on, done) => on.exec(line, done));
    channel.on('error', () => undefined);
    channel.resume();
    channel.stderr.resume();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, KILL_MS);
    });
    const over = new Promise<void>((resolve) => channel.once('close', () => resolve()));
    channel.end(script);
    await Promise.race([over, late]);
    clearTimeout(timer);
    channel.destroy();
  } catch {
    // The connection is gone, or has no session left; the command then ends with its output.
  }
}

/** The shell on the machine never came to the command. */
function notStarted(shell: Shell, noise: string, exitCode: number | undefined): GalleyError {
  const { place } = shell.link;
  const known = sudoError(place, shell.sudoCommand, noise);
  if (known) return known;
  return new GalleyError({
    code: 'ssh.no_shell',
    kind: 'infrastructure',
    message: `no command can be run on ${place.host} as ${place.username} (exit code ${exitCode ?? 'unknown'})`,
    details: noise
      .split('\n')
      .filter(Boolean)
      .slice(-5)
      .map((line) => line.slice(0, 300)),
    hint: 'it must have /bin/sh and dd, and the login shell must run commands (no nologin, no ForceCommand)',
  });
}
