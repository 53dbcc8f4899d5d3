import { spawn } from 'node:child_process';

/** A program with its arguments, as a tool wants it run. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface CommandResult {
  readonly exitCode: number;
  /** Wall time of the whole process, from spawn to its end. */
  readonly seconds: number;
  /** stdout and stderr as they came. */
  readonly output: string;
}

const GRACE_MS = 30_000;

/**
 * Runs a command and measures it. Throws the abort's reason after the command has ended: it gets SIGINT as from a
 * terminal, and SIGKILL when that takes too long. A process group of its own keeps the terminal's Ctrl+C from
 * reaching it twice.
 */
export async function runCommand(command: CommandLine, signal: AbortSignal): Promise<CommandResult> {
  signal.throwIfAborted();
  const started = process.hrtime.bigint();
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child.pid, 'SIGINT');
    timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  let ended = started;
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        ended = process.hrtime.bigint();
      });
      child.once('close', (code) => resolve(code ?? 255));
    });
    signal.throwIfAborted();
    const seconds = Number(ended - started) / 1e9;
    return { exitCode, seconds, output: Buffer.concat(chunks).toString() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** As `runCommand`, but a non-zero exit is an error that shows the end of the output. */
export async function runCommandOrThrow(command: CommandLine, signal: AbortSignal): Promise<CommandResult> {
  const result = await runCommand(command, signal);
  if (result.exitCode === 0) return result;
  const shown = [command.file.split('/').at(-1), ...command.args].join(' ');
  throw new Error(`${shown} ended with ${result.exitCode}:\n${tail(result.output)}`);
}

/** The last lines, long ones cut. */
export function tail(output: string, lines = 30): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line))
    .join('\n');
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
