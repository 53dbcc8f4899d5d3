import { quote } from '../../src/core/shell-words.ts';
import type { TestCase } from '../../src/suites/report.ts';
import { type Job, noTests, type Runner, runJob, testsMatching } from './runner.ts';

/** Scripts as busser-bash chooses them (`lib/busser/runner_plugin/bash.rb`); each one's exit code is a test. */
export const bashRunner: Runner = {
  tools: async () => [],
  async run(job) {
    const scripts = testsMatching(job, /^[^/]*_(test|spec)\.(sh|bash)$/);
    if (scripts.length === 0) return [noTests(job, '*_test.sh or *_spec.sh')];
    const cases: TestCase[] = [];
    for (const script of scripts) cases.push(await caseOf(job, script));
    return cases;
  },
};

async function caseOf(job: Job, script: string): Promise<TestCase> {
  const { exitCode, durationMs, lastLines } = await runJob(
    job,
    `cd ${quote(job.tests)} && exec bash ${quote(script)}`,
  );
  const local = job.folder.files.find(({ path }) => path === script)?.local ?? script;
  const isBroken = exitCode === 'timeout' || exitCode === 126 || exitCode === 127;
  return {
    title: script,
    outcome: exitCode === 0 ? 'pass' : isBroken ? 'error' : 'fail',
    expected: 'exit code 0',
    observed: exitCode === 'timeout' ? 'did not end in time and was stopped' : `exit code ${exitCode}`,
    durationMs,
    location: { file: local },
    ...(exitCode !== 0 && { notes: lastLines }),
  };
}
