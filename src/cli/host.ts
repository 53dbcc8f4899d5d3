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

export function currentHost(terminalOf: typeof streamTerminal = streamTerminal): Host {
  const { env } = process;
  return {
    cwd: process.cwd(),
    env,
    stdout: terminalOf(1, env),
    stderr: terminalOf(2, env),
    owner: `${userName()}@${hostname()}`,
    cacheDir: env['GALLEY_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'galley'),
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

function streamTerminal(fd: 1 | 2, env: Env): Terminal {
  const stream = fd === 1 ? process.stdout : process.stderr;
  // `galley test | head -1`: the reader has gone; the work goes on without being heard.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const isTty = stream.isTTY && env['TERM'] !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    columns: () => stream.columns ?? 120,
    isTty,
    color: isColored(isTty, env),
  };
}
