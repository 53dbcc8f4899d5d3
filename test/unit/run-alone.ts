import { spawn } from 'node:child_process';

/** How a test file ended. */
export interface Ended {
  /** As it was given. */
  readonly file: string;
  readonly seconds: number;
  readonly output: string;
  readonly pass: number;
  /** At least one for a file that asserts nothing, or ends badly without a failed assertion. */
  readonly fail: number;
  /** What became of its process, in words; for people. */
  readonly how: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** After so many milliseconds a file is stopped by force and counts as failed. */
  readonly timeoutMs: number;
}

/** For the processes of test files: tap itself gives up a bit earlier, because it can say in which test. */
export function environment({ timeoutMs }: RunOptions): NodeJS.ProcessEnv {
  return { ...process.env, TAP_TIMEOUT: String((timeoutMs * 0.9) / 1000) };
}

/** Runs one test file as a process of its own. It speaks TAP and says by its exit code how it went. */
export function runAlone(file: string, options: RunOptions): Promise<Ended> {
  const { cwd, timeoutMs } = options;
  const started = performance.now();
  const child = spawn(process.execPath, [file], {
    cwd,
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000;
      const counts = /^# \{ total: \d+(?:, pass: (\d+))?(?:, fail: (\d+))?/m.exec(output);
      const [pass, fail] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)];
      const isFine = code === 0 && pass > 0;
      const how = code === null ? `stopped after ${seconds.toFixed(0)} s` : `exit code ${code}`;
      resolve({ file, seconds, output, pass, fail: isFine ? fail : Math.max(1, fail), how });
    });
  });
}
