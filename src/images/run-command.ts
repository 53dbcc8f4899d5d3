import { spawn } from 'node:child_process';
import { GalleyError } from '../core/errors.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string) => void;
  /** How an abort ends it; default SIGTERM. */
  readonly killSignal?: NodeJS.Signals;
}

/**
 * Runs a local command and returns its output. Throws `image.tool_failed` with the last lines when it exits with
 * anything but 0, and `image.tool_missing` when it does not exist.
 */
export async function runCommand(argv: readonly [string, ...string[]], options: RunOptions): Promise<string> {
  const [command, ...args] = argv;
  const lines: string[] = [];
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.signal && { signal: options.signal, killSignal: options.killSignal ?? 'SIGTERM' }),
    });
    // An abort reports at once; what the command wrote may only be touched when it and its children are gone.
    let failure: Error | undefined;
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) {
          lines.push(line);
          options.onLine?.(line);
        }
      });
      stream.on('end', () => rest !== '' && lines.push(rest));
    }
    child.once('error', (error) => {
      failure = error;
      if (child.pid === undefined) reject(error);
    });
    child.once('close', (exit) => (failure ? reject(failure) : resolve(exit ?? 128)));
  }).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
    throw new GalleyError({
      code: 'image.tool_missing',
      kind: 'infrastructure',
      message: `\`${command}\` is not installed`,
      hint: `install it (Debian, Ubuntu: \`apt-get install ${command}\`)`,
      cause: error,
    });
  });
  if (code === 0) return lines.join('\n');
  const text = lines.join('\n');
  throw new GalleyError({
    code: /no space left on device/i.test(text) ? 'docker.disk_full' : 'image.tool_failed',
    kind: 'infrastructure',
    message: `\`${[command, ...args].slice(0, 3).join(' ')}\` failed with exit code ${code}`,
    details: lines.slice(-12),
  });
}
