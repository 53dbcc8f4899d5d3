import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const REPO = fileURLToPath(new URL('..', import.meta.url));
const BIN = fileURLToPath(new URL('../dist/src/cli/bin.js', import.meta.url));

export interface GalleyResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GalleyOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process as soon as it runs, for tests that interrupt or kill it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the built command line as a user would, without a terminal. */
export function galley(args: readonly string[], options: GalleyOptions): Promise<GalleyResult> {
  // On GitHub the tests are to see what a user's terminal would.
  const env = {
    ...process.env,
    NO_COLOR: '1',
    GITHUB_ACTIONS: '',
    CODEBUILD_BUILD_ID: undefined,
    ...options.env,
  };
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
