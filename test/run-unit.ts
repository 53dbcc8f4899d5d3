/**
 * Runs the test files that need no engine, each in a process of its own, and shows the output of those that fail.
 *
 *   node test/run-unit.ts [PART OF A PATH …] [--slow]
 *
 * The runner of tap takes a quarter of a second of processor time for each file, more than most files themselves. The
 * files speak TAP and say by their exit code how it went: nothing else is needed to run them.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { limiter } from '../src/core/limiter.ts';
import { REPO } from './galley.ts';

const AT_ONCE = 3;
/** Generous: all of them together take half a minute, but the machine may be busy. */
const TIMEOUT_MS = 120_000;
const SHOWN_SLOW = 10;

interface Ended {
  readonly file: string;
  readonly seconds: number;
  readonly output: string;
  /** Undefined when it was stopped. */
  readonly code: number | undefined;
}

function runFile(file: string): Promise<Ended> {
  const started = performance.now();
  const child = spawn(process.execPath, [file], {
    cwd: REPO,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ file, seconds: (performance.now() - started) / 1000, output, code: code ?? undefined }),
    );
  });
}

/** What a file says of itself. One that asserts nothing, or ends badly without a failed assertion, counts as failed. */
function countsOf({ output, code }: Ended): { readonly pass: number; readonly fail: number } {
  const counts = /^# \{ total: \d+(?:, pass: (\d+))?(?:, fail: (\d+))?/m.exec(output);
  const [pass, fail] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)];
  const isFine = code === 0 && pass > 0;
  return { pass, fail: isFine ? fail : Math.max(1, fail) };
}

function show({ file, output, code, seconds }: Ended): void {
  const how = code === undefined ? `stopped after ${seconds.toFixed(0)} s` : `exit code ${code}`;
  process.stdout.write(`\n--- ${file}: ${how}\n${output.replaceAll(/^( *ok |# \{).*\n/gm, '')}`);
}

const words = process.argv.slice(2);
const parts = words.filter((word) => !word.startsWith('--'));
const files = globSync('{src,drivers,verifiers,fixtures/ec2,bench,test}/**/*.test.ts', { cwd: REPO })
  .filter((file) => !file.endsWith('.docker.test.ts') && !file.startsWith('test/integration/'))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  .toSorted();
const started = performance.now();
const turn = limiter(AT_ONCE);
const ended = await Promise.all(
  files.map((file) =>
    turn(async () => {
      const one = await runFile(file);
      if (countsOf(one).fail > 0) show(one);
      return one;
    }),
  ),
);
const failed = ended.filter((one) => countsOf(one).fail > 0);
if (words.includes('--slow')) {
  for (const { file, seconds } of ended.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN_SLOW)) {
    process.stdout.write(`${seconds.toFixed(1).padStart(5)} s  ${file}\n`);
  }
}
const pass = ended.reduce((sum, one) => sum + countsOf(one).pass, 0);
const fail = ended.reduce((sum, one) => sum + countsOf(one).fail, 0);
const all = ((performance.now() - started) / 1000).toFixed(1);
for (const { file } of failed) process.stdout.write(`failed: ${file}\n`);
process.stdout.write(`${files.length} files, ${failed.length} failed, ${all} s\n`);
// The line with which tap closes: .ci/run adds them up.
process.stdout.write(`# { total: ${pass + fail}, pass: ${pass}${fail > 0 ? `, fail: ${fail}` : ''} }\n`);
process.exitCode = failed.length > 0 || files.length === 0 ? 1 : 0;
