/**
 * Runs the test files that need an engine, each as a process of its own, and prints what they say when they have ended.
 *
 *   node test/run-integration.ts [PART OF A PATH …] [--jobs N]
 *
 * Most of their time they wait for an engine, a client or a package mirror, so two run at the same time. One that fails is
 * run once more alone; when it passes then, the run passes and tells it as flaky, with what failed.
 */

import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { limiter } from '../src/core/limiter.ts';
import { REPO } from './galley.ts';
import { failures } from './unit/failures.ts';
import { type Ended, runAlone } from './unit/run-alone.ts';
import { secondLook } from './unit/second-look.ts';

/** Of a file: the longest takes three minutes where nothing else runs. Files and tests set none of their own. */
const TIMEOUT_MS = 1_800_000;
/** So many may fail by a race; more are broken, and are not repeated. */
const MOST_FLAKY = 2;

/** Those that take longest, so that none of them is left for the end. */
const FIRST = [
  'test/integration/green.docker.test.ts',
  'test/integration/ec2-flask.docker.test.ts',
  'src/provisioners/chef-infra/chef-infra.docker.test.ts',
  'test/integration/from.docker.test.ts',
  'test/integration/commands.docker.test.ts',
  'test/integration/red.docker.test.ts',
  'test/integration/hooks.docker.test.ts',
  'test/integration/life.docker.test.ts',
  'test/integration/around.docker.test.ts',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) } },
});
const rank = (file: string): number => (FIRST.includes(file) ? FIRST.indexOf(file) : FIRST.length);
const files: readonly string[] = [
  ...globSync('{src,drivers,verifiers,fixtures,test}/**/*.docker.test.ts', { cwd: REPO }),
  ...globSync('test/integration/*.test.ts', { cwd: REPO }),
]
  .filter((file) => positionals.length === 0 || positionals.some((part) => file.includes(part)))
  .filter((file, at, all) => all.indexOf(file) === at)
  .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
const started = performance.now();
const turn = limiter(Number(values.jobs));
const look = async (file: string): Promise<Ended> => {
  const one = await runAlone(file, { cwd: REPO, timeoutMs: TIMEOUT_MS });
  // Without its own sum: .ci/run adds up what the runs say.
  const said = one.output.replaceAll(/^# \{.*\n/gm, '').trimEnd();
  const verdict = one.fail > 0 ? `not ok - ${file}: ${one.how}` : `ok - ${file}`;
  process.stdout.write(`# File: ${file}\n${said}\n${verdict} # time=${one.seconds.toFixed(1)}s\n\n`);
  return one;
};
const first = await Promise.all(files.map((file) => turn(() => look(file))));
const { ended, flaky } = await secondLook(first, { most: MOST_FLAKY, run: look });
const failed = ended.filter(({ fail }) => fail > 0);
const pass = ended.reduce((sum, one) => sum + one.pass, 0);
const fail = ended.reduce((sum, one) => sum + one.fail, 0);
const seconds = (performance.now() - started) / 1000;
const work = ended.reduce((sum, one) => sum + one.seconds, 0);
// What failed once more at the end: a log that is cut keeps its last lines.
for (const [kind, those] of Object.entries({ flaky, failed })) {
  for (const { file, how, output } of those)
    process.stdout.write(`${kind}: ${file}: ${how}\n${failures(output)}\n`);
}
const counts = `${ended.length} files, ${failed.length} failed, ${flaky.length} flaky`;
process.stdout.write(`${counts}, ${seconds.toFixed(0)} s (${work.toFixed(0)} s one after the other)\n`);
process.stdout.write(`# { total: ${pass + fail}, pass: ${pass}${fail > 0 ? `, fail: ${fail}` : ''} }\n`);
process.exitCode = failed.length > 0 || ended.length === 0 ? 1 : 0;
