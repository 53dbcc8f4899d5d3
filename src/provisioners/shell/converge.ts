import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../core/action-context.ts';
import { boundedOutput } from '../../core/bounded-output.ts';
import { type ErrorRecord, hasCode } from '../../core/errors.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { ConvergeInput, ConvergeResult } from '../../core/provisioner.ts';
import { quote } from '../../core/shell-words.ts';
import { packFiles } from '../../local/tarball.ts';
import { remoteEnvironment } from '../remote-environment.ts';
import { manifestAfter, manifestBefore, planDelta } from '../sandbox/delta.ts';
import { download, upload } from '../sandbox/transfers.ts';
import { planShell, type ShellPlan } from './plan.ts';
import type { ShellSettings } from './settings.ts';

const SHOWN_LINES = 15;

/** Sends script and data as far as they changed, and runs the command in the root path. */
export async function convergeShell(
  ctx: ActionContext<ShellSettings>,
  input: ConvergeInput,
  host: PluginHost,
): Promise<ConvergeResult> {
  const settings = ctx.config;
  const plan = await planShell(ctx.root, ctx.instance.suite, settings);
  const nothing = { resources: [], total: 0, updated: 0 };
  await upload(input.connection, ctx.root, settings.uploads);
  const removed = await send(input, plan, settings.root_path);
  if (plan.command === undefined) {
    ctx.emit({
      type: 'notice',
      instance: ctx.instance.name,
      level: 'warning',
      message: 'the shell provisioner found no bootstrap.sh: nothing was run',
    });
    return { outcome: 'passed', ...nothing, clientMs: 0 };
  }
  const cleaning = removed.map((path) => `rm -f -- ${quote(`${settings.root_path}/${path}`)}\n`).join('');
  const script = `mkdir -p ${quote(settings.root_path)} && cd ${quote(settings.root_path)} || exit\n${cleaning}${plan.command}`;
  const env = { ...remoteEnvironment(settings, host), ...settings.env };
  const run = await runScript(ctx, input, script, env);
  if (removed.length > 0) await input.recordUpload(manifestAfter(plan.files, []));
  for (const message of await download(input.connection, ctx.root, settings.downloads)) {
    ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
  }
  const base = { ...nothing, clientMs: run.durationMs };
  if (run.exitCode === 0) return { outcome: 'passed', ...base };
  return { outcome: 'failed', ...base, error: failure(run, plan.command, settings, input.logFile) };
}

async function send(input: ConvergeInput, plan: ShellPlan, rootPath: string): Promise<readonly string[]> {
  const delta = planDelta(plan.files, input.uploaded);
  if (delta.changed.length === 0) return delta.removed;
  await input.recordUpload(manifestBefore(delta, input.uploaded));
  await input.connection.upload(await packFiles(delta.changed), rootPath);
  await input.recordUpload(manifestAfter(plan.files, delta.removed));
  return delta.removed;
}

interface ScriptRun {
  /** Undefined: stopped after the setting `timeout`. */
  readonly exitCode: number | undefined;
  readonly durationMs: number;
  readonly lastLines: readonly string[];
}

async function runScript(
  ctx: ActionContext<ShellSettings>,
  input: ConvergeInput,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<ScriptRun> {
  const settings = ctx.config;
  for (let tries = 0; ; tries++) {
    const run = await runOnce(ctx, input, script, env);
    const again = run.exitCode !== undefined && settings.retry_on_exit_code.includes(run.exitCode);
    if (!again || tries >= settings.max_retries) return run;
    await sleep(settings.wait_for_retry * 1000, undefined, { signal: ctx.signal });
  }
}

async function runOnce(
  ctx: ActionContext<ShellSettings>,
  input: ConvergeInput,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<ScriptRun> {
  const lastLines: string[] = [];
  const output = boundedOutput({
    pass: (stream, line) =>
      ctx.emit({ type: 'output', instance: ctx.instance.name, source: 'shell', stream, line }),
    look(line) {
      if (line.trim() !== '') lastLines.push(line);
      if (lastLines.length > SHOWN_LINES) lastLines.shift();
      return true;
    },
  });
  const started = performance.now();
  const finish = (exitCode: number | undefined): ScriptRun => {
    output.end();
    return { exitCode, durationMs: performance.now() - started, lastLines };
  };
  try {
    const result = await input.connection.execute(['/bin/sh', '-c', script], {
      env,
      signal: ctx.signal,
      onOutput: output.push,
      ...(ctx.config.timeout != null && { timeoutMs: ctx.config.timeout * 1000 }),
    });
    return finish(result.exitCode);
  } catch (error) {
    if (!hasCode(error, 'transport.timeout')) throw error;
    return finish(undefined);
  }
}

function failure(run: ScriptRun, command: string, settings: ShellSettings, logFile: string): ErrorRecord {
  const details = [...run.lastLines, `full log: ${logFile}`];
  if (run.exitCode === undefined) {
    return {
      code: 'shell.timeout',
      kind: 'converge',
      message: `${command} did not end within ${settings.timeout ?? 0} s and was stopped`,
      details,
      hint: "raise the provisioner's `timeout`",
    };
  }
  return {
    code: 'shell.converge_failed',
    kind: 'converge',
    message: `${command} ended with exit code ${run.exitCode}`,
    details,
  };
}
