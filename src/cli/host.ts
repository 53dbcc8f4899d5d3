import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Terminal } from '../reporters/terminal.ts';
import { isColored } from './is-colored.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The outer world, read in one place. */
export interface Host {
  readonly cwd: string;
  readonly env: Env;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** user@host */
  readonly owner: string;
  /** Folder for images' sources, client gems and other things worth keeping between kitchens. */
  readonly cacheDir: string;
}

const UNKNOWN_WIDTH = 120;

export function currentHost(terminalOf: typeof streamTerminal = streamTerminal): Host {
  const { env } = process;
  return {
    cwd: process.cwd(),
    env,
    stdout: terminalOf(1, env),
    stderr: terminalOf(2, env),
    owner: `${userName()}@${hostname()}`,
    // Set to nothing is not set: else the cache would lie in the current folder.
    cacheDir: env['GALLEY_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'galley'),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A uid without a passwd entry, as in many CI containers.
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** What a reader, or a terminal, that has gone gives: `galley test | head -1`. The work goes on without being heard. */
const GONE = new Set(['EPIPE', 'EIO']);
let lost: Error | undefined;

/** Why something that was printed did not arrive, as on a full disk; a reader that has gone is no reason. */
export function lostOutput(): Error | undefined {
  return lost;
}

function streamTerminal(fd: 1 | 2, env: Env): Terminal {
  const stream = fd === 1 ? process.stdout : process.stderr;
  const gone = new AbortController();
  // Thrown here it would end the run in the middle, with machines that nobody removes.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (GONE.has(error.code ?? '')) gone.abort();
    else lost ??= error;
  });
  const isTty = stream.isTTY && env['TERM'] !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    gone: gone.signal,
    // Of a terminal without a size (`script`, `docker run -t` in CI) it is 0.
    columns: () => stream.columns || UNKNOWN_WIDTH,
    isTty,
    color: isColored(isTty, env),
  };
}
