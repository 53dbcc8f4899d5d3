import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionContext } from '../../src/core/action-context.ts';
import { isBad } from '../../src/core/check.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { CheckReport } from '../../src/core/events.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { RUN_SUFFIX, type SuiteInput } from '../../src/core/test-suite.ts';
import { dockerEnvironment } from '../../src/suites/docker-environment.ts';
import { findProgram } from '../../src/suites/find-program.ts';
import { proxyEnvironment } from '../../src/suites/proxies.ts';
import { reportsOf, type TestCase } from '../../src/suites/report.ts';
import { runTool, type ToolRun } from '../../src/suites/run-tool.ts';
import { sshWords } from '../../src/suites/ssh-words.ts';
import { unreachable } from '../../src/suites/unreachable.ts';
import { nodesOf, pytestCommand, targetOf, testsOf } from './command.ts';
import { assertTestinfra, findPytest } from './find-pytest.ts';
import { pytestCases, readXml } from './results.ts';
import type { TestinfraSettings } from './settings.ts';

const DEFAULT_TIMEOUT_S = 3600;

/** Finds pytest, its plugin and the tests before anything is made. */
export async function prepareTestinfra(
  ctx: ActionContext<TestinfraSettings>,
  host: PluginHost,
): Promise<void> {
  testsOf(ctx.root, ctx.instance, ctx.config);
  await assertTestinfra(ctx, host, findPytest(ctx.root, ctx.config.executable, host.env['PATH'] ?? ''));
}

/** Runs pytest here, against the instance, and reads its JUnit XML. */
export async function runTestinfra(
  ctx: ActionContext<TestinfraSettings>,
  input: SuiteInput,
  host: PluginHost,
): Promise<readonly CheckReport[]> {
  const { config: settings, root, instance } = ctx;
  const path = host.env['PATH'] ?? '';
  const target = targetOf(input.endpoint, () => sshWords(input.connection), settings);
  if (target === undefined) throw unreachable('testinfra', 'testinfra', input.endpoint.kind);
  if (input.endpoint.kind === 'docker' && findProgram(['docker'], path) === undefined) throw noDocker();
  const tests = testsOf(root, instance, settings);
  const [one = ''] = tests;
  const folder = tests.length === 1 && !/\.py(::|$)/.test(one) ? `${one.replace(/\/+$/, '')}/` : '';
  // pytest's report holds what tests printed, secrets too: it is not kept with the logs.
  const scratch = await mkdtemp(join(tmpdir(), 'galley-testinfra-'));
  try {
    const xml = join(scratch, 'results.xml');
    const config = join(scratch, 'ssh_config');
    if (target.sshConfig !== undefined) await writeFile(config, target.sshConfig, { mode: 0o600 });
    const sshOption = target.sshConfig === undefined ? [] : [`--ssh-config=${config}`];
    const command = pytestCommand({
      executable: findPytest(root, settings.executable, path),
      root,
      target: { ...target, options: [...target.options, ...sshOption] },
      tests: input.only ? nodesOf(input.only, folder) : tests,
      xml,
      cache: join(scratch, 'cache'),
      options: settings.options,
    });
    const run = await runTool(ctx, command, {
      cwd: root,
      env: {
        ...host.env,
        PYTHONDONTWRITEBYTECODE: '1',
        ...proxyEnvironment(settings),
        ...dockerEnvironment(input.endpoint),
        ...settings.env,
      },
      timeoutMs: (settings.timeout ?? DEFAULT_TIMEOUT_S) * 1000,
      source: 'pytest',
    });
    const text = await readFile(xml, 'utf8').catch(() => '');
    const report = await readXml(text);
    const cases = report ? pytestCases(report, { host: target.host, label: target.label, folder }) : [];
    return reportsOf('testinfra', [...cases, ...endOf(run, cases)]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** 0: all passed, 1: some failed; anything else (pytest: src/_pytest/config, ExitCode) must show as an error. */
function endOf(run: ToolRun, cases: readonly TestCase[]): readonly TestCase[] {
  const isToldBy = cases.some(isBad);
  if (run.exitCode === 0 && cases.length > 0) return [];
  if ((run.exitCode === 1 || run.exitCode === 2) && isToldBy) return [];
  const observed =
    run.exitCode === 'timeout'
      ? 'did not end in time and was stopped'
      : run.exitCode === 5 || (run.exitCode === 0 && cases.length === 0)
        ? 'no tests were found: nothing was tested'
        : `ended with exit code ${run.exitCode}`;
  return [
    {
      id: `testinfra${RUN_SUFFIX}`,
      title: 'pytest runs the tests',
      outcome: 'error',
      expected: 'results',
      observed,
      notes: run.lastLines,
      durationMs: run.durationMs,
      ...(run.exitCode === 'timeout' && { hint: "raise the verifier's `timeout`" }),
    },
  ];
}

function noDocker(): GalleyError {
  return new GalleyError({
    code: 'testinfra.no_docker',
    kind: 'infrastructure',
    message: 'testinfra reaches containers with the command docker, which is not on the PATH',
    hint: 'install Docker’s command line (Debian, Ubuntu: apt-get install docker-cli)',
  });
}
