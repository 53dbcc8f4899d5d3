import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ActionContext } from '../../src/core/action-context.ts';
import { escapeRegExp } from '../../src/core/escape-regexp.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { quote } from '../../src/core/shell-words.ts';
import { batsCase } from '../../src/suites/bats-case.ts';
import { fetchTool } from '../../src/suites/fetch-tool.ts';
import { findProgram } from '../../src/suites/find-program.ts';
import { isExplained } from '../../src/suites/report.ts';
import { listFiles, type StagedFile } from '../../src/suites/stage.ts';
import { tapCases } from '../../src/suites/tap-cases.ts';
import { brokenRun, localPath, noTests, type Runner, runJob, testsMatching } from './runner.ts';

const VERSION = '1.13.0';

/** Bats' tests as busser-bats chooses them: the `*.bats` of the folder itself. The caller's own Bats is sent along. */
export const batsRunner: Runner = {
  async tools(ctx, host) {
    const home = await batsHome(ctx, host);
    const libraries = ['lib/bats-core', 'libexec/bats-core'].map(async (folder) =>
      (await listFiles(join(home, folder))).map((file) => ({ ...file, path: `${folder}/${file.path}` })),
    );
    const files = [
      { path: 'bin/bats', absolute: join(home, 'bin/bats'), mode: 0o755 },
      ...(await Promise.all(libraries)).flat(),
    ];
    return files.map(
      ({ path, absolute, mode }): StagedFile => ({
        path: `bats/${path}`,
        source: { file: absolute },
        mode,
      }),
    );
  },
  async run(job) {
    const tests = testsMatching(job, /^[^/]*\.bats$/);
    if (tests.length === 0) return [noTests(job, '*.bats')];
    const bats = `bash ${quote(`${job.tools}/bats/bin/bats`)} --formatter tap --timing`;
    const filter = job.only ? ` --filter ${quote(exactly(job.only.map(({ title }) => title)))}` : '';
    const files = tests.map((test) => quote(`./${test}`)).join(' ');
    const run = await runJob(job, `cd ${quote(job.tests)} && exec ${bats}${filter} ${files}`);
    const cases = tapCases(run.stdout).map((one) => batsCase(one, (file) => localPath(job, file)));
    // 1: a test failed, so one must be seen that did. Anything else, or no test at all, is not a result.
    const isResult = run.exitCode === 0 || run.exitCode === 1;
    if (cases.length > 0 && isResult && isExplained(run.exitCode, cases)) return cases;
    const hint = run.exitCode === 127 ? 'Bats needs bash on the instance' : undefined;
    return [...cases, brokenRun(job, run, hint)];
  },
};

/** A regular expression of Bash for these names. */
function exactly(names: readonly string[]): string {
  const escaped = names.map(escapeRegExp);
  return `^(${escaped.join('|')})$`;
}

/** Folder with `bin/bats` and its libraries: that of the Bats on the PATH, else of the one from npm. */
async function batsHome(ctx: ActionContext, host: PluginHost): Promise<string> {
  const found = findProgram(['bats'], host.env['PATH'] ?? '');
  if (found !== undefined) {
    const home = dirname(dirname(realpathSync(found)));
    if (existsSync(join(home, 'libexec', 'bats-core', 'bats'))) return home;
  }
  const folder = await fetchTool(ctx, host, {
    name: `bats-${VERSION}`,
    what: `Bats ${VERSION}`,
    argv: (prefix) => [
      'npm',
      'install',
      '--prefix',
      prefix,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `bats@${VERSION}`,
    ],
    hint: 'install Bats here (Debian, Ubuntu: apt-get install bats); it is sent to the instance from here',
  });
  return join(folder, 'node_modules', 'bats');
}
