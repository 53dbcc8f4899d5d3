/**
 * Runs the test files that need no engine and shows the output of those that fail.
 *
 *   node test/run-unit.ts [PART OF A PATH …] [--slow]
 *
 * The runner of tap takes a quarter of a second of processor time for each file, and tap itself 0.15 s, more than most
 * files themselves: a few processes share the files.
 */
import { globSync } from 'node:fs';
import { REPO } from './galley.ts';
import type { Ended } from './unit/run-alone.ts';
import { runFiles } from './unit/run-files.ts';

const LANES = 3;
/** Generous: all of them together take half a minute, but the machine may be busy. */
const TIMEOUT_MS = 120_000;
const ENDING_MS = 20_000;
const SHOWN_SLOW = 10;

function show({ file, output, how }: Ended): void {
  process.stdout.write(`\n--- ${file}: ${how}\n${output.replaceAll(/^( *ok |# \{).*\n/gm, '')}`);
}

const words = process.argv.slice(2);
const parts = words.filter((word) => !word.startsWith('--'));
const files = globSync('{src,drivers,verifiers,fixtures/ec2,bench,test}/**/*.test.ts', { cwd: REPO })
  .filter((file) => !file.endsWith('.docker.test.ts') && !file.startsWith('test/integration/'))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  .toSorted();
const started = performance.now();
const ended = await runFiles(files, {
  lanes: Math.min(LANES, files.length),
  cwd: REPO,
  timeoutMs: TIMEOUT_MS,
  endingMs: ENDING_MS,
  onEnd: (one) => {
    if (one.fail > 0) show(one);
  },
});
const failed = ended.filter((one) => one.fail > 0);
if (words.includes('--slow')) {
  for (const { file, seconds } of ended.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN_SLOW)) {
    process.stdout.write(`${seconds.toFixed(1).padStart(5)} s  ${file}\n`);
  }
}
const pass = ended.reduce((sum, one) => sum + one.pass, 0);
const fail = ended.reduce((sum, one) => sum + one.fail, 0);
const all = ((performance.now() - started) / 1000).toFixed(1);
for (const { file } of failed) process.stdout.write(`failed: ${file}\n`);
process.stdout.write(`${ended.length} files, ${failed.length} failed, ${all} s\n`);
// The line with which tap closes: .ci/run adds them up.
process.stdout.write(`# { total: ${pass + fail}, pass: ${pass}${fail > 0 ? `, fail: ${fail}` : ''} }\n`);
process.exitCode = failed.length > 0 || ended.length !== files.length || files.length === 0 ? 1 : 0;
