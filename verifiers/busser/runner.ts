import type { ActionContext } from '../../src/core/action-context.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { type KnownTest, RUN_SUFFIX, type SuiteInput } from '../../src/core/test-suite.ts';
import type { TestCase } from '../../src/suites/report.ts';
import { runOnInstance } from '../../src/suites/run-remote.ts';
import type { ToolRun } from '../../src/suites/run-tool.ts';
import type { StagedFile } from '../../src/suites/stage.ts';
import type { TestFolder } from './folders.ts';
import type { BusserSettings } from './settings.ts';

/** Runs the tests of one folder, which is on the instance already. */
export interface Runner {
  /** What must be on the instance beside the tests; fetched here when it is not in the cache. */
  tools(ctx: ActionContext<BusserSettings>, host: PluginHost): Promise<readonly StagedFile[]>;
  run(job: Job): Promise<readonly TestCase[]>;
}

export interface Job {
  readonly ctx: ActionContext<BusserSettings>;
  readonly input: SuiteInput;
  readonly folder: TestFolder;
  /** The tests to run; all when it is missing. */
  readonly only?: readonly KnownTest[];
  /** Absolute path of the tests on the instance. */
  readonly tests: string;
  /** Absolute path of the tools on the instance. */
  readonly tools: string;
  readonly env: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_S = 3600;

/** Runs shell text in the folder of the tests. */
export function runJob(job: Job, script: string): Promise<ToolRun> {
  return runOnInstance(job.ctx, job.input.connection, script, {
    env: job.env,
    timeoutMs: (job.ctx.config.timeout ?? DEFAULT_TIMEOUT_S) * 1000,
    source: job.folder.busser,
  });
}

/** The files of tests, as paths relative to the folder; only those of the chosen tests, when their files are known. */
export function testsMatching(job: Job, pattern: RegExp): readonly string[] {
  const all = job.folder.files.filter(({ path }) => pattern.test(path));
  const wanted = new Set(job.only?.map(({ file }) => file));
  const isNarrow = !wanted.has(undefined) && all.some(({ local }) => wanted.has(local));
  return all.filter(({ local }) => !isNarrow || wanted.has(local)).map(({ path }) => path);
}

/** The local path of a file that a runner names by its path on the instance. */
export function localPath(job: Job, remote: string): string {
  const path = remote.replace(`${job.tests}/`, '').replace(/^\.\//, '');
  return job.folder.files.find((file) => file.path === path)?.local ?? remote;
}

/** A folder in which nothing was tested: never a pass. */
export function noTests(job: Job, wanted: string): TestCase {
  return {
    id: `${job.folder.busser}${RUN_SUFFIX}`,
    title: `tests in ${job.folder.place}`,
    outcome: 'error',
    expected: `files named ${wanted}`,
    observed: 'none: nothing was tested',
  };
}

/** The runner could not do its work. */
export function brokenRun(job: Job, run: ToolRun, hint?: string): TestCase {
  const isSlow = run.exitCode === 'timeout';
  return {
    id: `${job.folder.busser}${RUN_SUFFIX}`,
    title: `run of ${job.folder.place}`,
    outcome: 'error',
    expected: `${job.folder.busser} runs the tests`,
    observed: isSlow
      ? 'did not end in time and was stopped'
      : `ended with exit code ${run.exitCode}, which no result explains`,
    notes: run.lastLines,
    durationMs: run.durationMs,
    ...(isSlow && { hint: "raise the verifier's `timeout`" }),
    ...(hint !== undefined && { hint }),
  };
}
