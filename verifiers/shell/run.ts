import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { CheckReport } from '../../src/core/events.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { quote } from '../../src/core/shell-words.ts';
import type { SuiteInput } from '../../src/core/test-suite.ts';
import { proxyEnvironment } from '../../src/suites/proxies.ts';
import { reportsOf, type TestCase } from '../../src/suites/report.ts';
import { runOnInstance } from '../../src/suites/run-remote.ts';
import { runTool, type ToolRun } from '../../src/suites/run-tool.ts';
import { isTap, tapCases } from '../../src/suites/tap-cases.ts';
import { kitchenEnvironment } from './environment.ts';
import type { ShellSettings } from './settings.ts';

const DEFAULT_TIMEOUT_S = 3600;

/** Runs the command here or on the instance; its exit code is a test, and so is each test of a TAP output. */
export async function runShell(
  ctx: ActionContext<ShellSettings>,
  input: SuiteInput,
  host: PluginHost,
): Promise<readonly CheckReport[]> {
  const { config: settings } = ctx;
  if (settings.sleep) await sleep(settings.sleep * 1000, undefined, { signal: ctx.signal });
  const env = { ...proxyEnvironment(settings), ...kitchenEnvironment(ctx.instance, input), ...settings.env };
  const command = settings.command_prefix
    ? `${settings.command_prefix} ${settings.command}`
    : settings.command;
  const run = settings.remote_exec
    ? await remotely(ctx, input, command, env)
    : await locally(ctx, command, { ...host.env, ...env });
  return reportsOf('shell', [...testsOf(run, settings), exitOf(run, settings)]);
}

function timeoutOf(settings: ShellSettings): number {
  return (settings.timeout ?? settings.shellout_opts?.timeout ?? DEFAULT_TIMEOUT_S) * 1000;
}

function locally(
  ctx: ActionContext<ShellSettings>,
  command: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ToolRun> {
  const { shellout_opts: options } = ctx.config;
  return runTool(ctx, command, {
    cwd: resolve(ctx.root, options?.cwd ?? '.'),
    env: { ...env, ...options?.environment },
    timeoutMs: timeoutOf(ctx.config),
    source: 'shell',
  });
}

function remotely(
  ctx: ActionContext<ShellSettings>,
  input: SuiteInput,
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<ToolRun> {
  const folder = quote(ctx.config.root_path ?? '/tmp/verifier');
  return runOnInstance(ctx, input.connection, `mkdir -p ${folder} && cd ${folder} || exit\n${command}`, {
    env: { ...env, ...ctx.config.shellout_opts?.environment },
    timeoutMs: timeoutOf(ctx.config),
    source: 'shell',
  });
}

function testsOf(run: ToolRun, { results }: ShellSettings): TestCase[] {
  if (results === 'none' || (results === 'auto' && !isTap(run.stdout))) return [];
  return tapCases(run.stdout);
}

function exitOf(run: ToolRun, settings: ShellSettings): TestCase {
  const first = settings.command.trim().split('\n')[0] ?? '';
  const title = `command ${first.length > 60 ? `${first.slice(0, 60)}…` : first}`;
  const where = settings.remote_exec ? 'on the instance' : 'on this machine';
  const base = { title, expected: 'exit code 0', source: where, durationMs: run.durationMs };
  if (run.exitCode === 0) return { ...base, outcome: 'pass', observed: 'exit code 0' };
  if (run.exitCode === 'timeout') {
    const limit = timeoutOf(settings) / 1000;
    return {
      ...base,
      outcome: 'error',
      observed: `did not end within ${limit} s and was stopped`,
      notes: run.lastLines,
      hint: "raise the verifier's `timeout`",
    };
  }
  // 126 and 127 are the shell's words for "cannot run" and "not found": nothing was tested.
  const isBroken = run.exitCode === 126 || run.exitCode === 127;
  return {
    ...base,
    outcome: isBroken ? 'error' : 'fail',
    observed: `exit code ${run.exitCode}`,
    notes: run.lastLines,
  };
}
