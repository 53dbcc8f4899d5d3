import { resolve } from 'node:path';
import { boundedOutput } from '../core/bounded-output.ts';
import { type ErrorKind, GalleyError, hasCode } from '../core/errors.ts';
import type { GalleyEvent } from '../core/events.ts';
import type { Action } from '../core/instance.ts';
import { runLocally } from '../local/local-command.ts';
import type { Hook } from '../plan/hooks.ts';
import type { InstanceRun } from './instance-run.ts';

const SHOWN_LINES = 15;

/** Whose fault a failing hook is, by its phase; see docs/exit-codes.md. */
const KINDS: { readonly [action in Action]: ErrorKind } = {
  create: 'infrastructure',
  converge: 'converge',
  setup: 'infrastructure',
  verify: 'verify',
  destroy: 'infrastructure',
};

/**
 * Runs one hook of a phase, emits its output and how it ended. `about`: variables for it beside Test Kitchen's. Throws
 * `hook.failed`, `hook.timeout` or `hook.no_instance` unless it is skippable, or the abort's reason.
 */
export async function runHook(
  one: InstanceRun,
  action: Action,
  hook: Hook,
  signal: AbortSignal,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  signal.throwIfAborted();
  const { run, resolved } = one;
  const instance = resolved.instance.name;
  const started = performance.now();
  const record = (outcome: HookOutcome, exitCode?: number): void => {
    const { name, where, location } = hook;
    run.emit({
      type: 'hook',
      instance,
      action,
      name,
      where,
      outcome,
      ...(exitCode !== undefined && { exitCode }),
      durationMs: Math.round(performance.now() - started),
      ...(location && { location }),
    });
  };
  if (hook.where === 'remote' && !one.hasMachine()) {
    record(hook.skippable ? 'skipped' : 'failed');
    if (!hook.skippable) throw noInstance(hook);
    notice(one, 'info', `skipped the hook ${titleOf(hook)}: there is no instance`);
    return;
  }
  run.emit({ type: 'progress', instance, text: `hook ${hook.name} (${hook.where})` });
  const env = { ...identity(one), ...about, ...hook.environment };
  const lastLines: string[] = [];
  const output = boundedOutput({
    pass: (stream, line) => run.emit({ type: 'output', instance, source: `hook ${hook.name}`, stream, line }),
    look(line) {
      if (line.trim() !== '') lastLines.push(line);
      if (lastLines.length > SHOWN_LINES) lastLines.shift();
      return true;
    },
  });
  const execute = hook.where === 'local' ? executeLocally : executeRemotely;
  const end = await execute(one, hook, env, signal, output.push)
    .catch((thrown: unknown) => {
      record(signal.aborted ? 'cancelled' : 'failed');
      throw thrown;
    })
    .finally(output.end);
  const took = Math.round(performance.now() - started);
  if (end === 0) {
    record('passed', end);
    notice(one, 'verbose', `hook ${titleOf(hook)} done in ${took} ms`);
    return;
  }
  if (hook.skippable && end !== 'timeout') {
    record('forgiven', end);
    notice(one, 'info', `the skippable hook ${titleOf(hook)} ended with exit code ${end}; going on`);
    return;
  }
  record('failed', end === 'timeout' ? undefined : end);
  throw hookFailure(hook, KINDS[action], end, lastLines);
}

type HookOutcome = Extract<GalleyEvent, { readonly type: 'hook' }>['outcome'];
type Output = (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;

function executeLocally(
  { run }: InstanceRun,
  hook: Hook,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onOutput: Output,
): Promise<number | 'timeout'> {
  return runLocally(hook.command, {
    cwd: resolve(run.root, hook.cwd ?? ''),
    env: { ...run.env, ...env },
    user: hook.user,
    timeoutMs: hook.timeoutMs,
    signal,
    onOutput,
  });
}

async function executeRemotely(
  one: InstanceRun,
  hook: Hook,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onOutput: Output,
): Promise<number | 'timeout'> {
  const connection = await one.connect();
  try {
    const { exitCode } = await connection.execute(['/bin/sh', '-c', hook.command], {
      env,
      timeoutMs: hook.timeoutMs,
      signal,
      onOutput,
      ...(hook.cwd !== undefined && { cwd: hook.cwd }),
      ...(hook.user !== undefined && { user: hook.user }),
    });
    return exitCode;
  } catch (error) {
    if (hasCode(error, 'transport.timeout')) return 'timeout';
    throw error;
  }
}

/** Test Kitchen's variables; it gives them to local hooks only. */
function identity(one: InstanceRun): Readonly<Record<string, string>> {
  const { name, suite, platform } = one.resolved.instance;
  return {
    KITCHEN_INSTANCE_NAME: name,
    KITCHEN_SUITE_NAME: suite,
    KITCHEN_PLATFORM_NAME: platform,
    KITCHEN_INSTANCE_HOSTNAME: hostName(one),
  };
}

/** What the caller's tools know the machine by: its address, or the id that `docker exec` takes; empty without one. */
function hostName(one: InstanceRun): string {
  if (!one.hasMachine()) return '';
  const { driver, transport } = one.resolved;
  const endpoint = driver.endpoint(one.machineOrThrow(), transport.endpoints);
  switch (endpoint.kind) {
    case 'docker':
      return endpoint.containerId;
    case 'ssh':
      return endpoint.host;
    case 'ssm':
      return endpoint.instanceId;
  }
}

/** Never the command itself: configs put secrets into it. */
function titleOf({ name, where, location }: Hook): string {
  const place = location ? `, ${location.file}${location.line === undefined ? '' : `:${location.line}`}` : '';
  return `${name} (${where}${place})`;
}

function hookFailure(
  hook: Hook,
  kind: ErrorKind,
  end: number | 'timeout',
  lastLines: readonly string[],
): GalleyError {
  const what = `the ${hook.where} hook ${hook.name}`;
  return new GalleyError({
    code: end === 'timeout' ? 'hook.timeout' : 'hook.failed',
    kind,
    message:
      end === 'timeout'
        ? `${what} did not end within ${hook.timeoutMs / 1000} s and was stopped`
        : `${what} ended with exit code ${end}`,
    details: lastLines,
    ...(hook.location && { location: hook.location }),
    ...(end === 'timeout' && { hint: 'raise its `timeout`' }),
  });
}

function noInstance(hook: Hook): GalleyError {
  return new GalleyError({
    code: 'hook.no_instance',
    kind: 'config',
    message: `the remote hook ${hook.name} has no instance to run on`,
    ...(hook.location && { location: hook.location }),
    hint: 'give it `skippable: true` to leave it out then, or make it `local:`',
  });
}

function notice(one: InstanceRun, level: 'verbose' | 'info' | 'warning', message: string): void {
  one.run.emit({ type: 'notice', instance: one.resolved.instance.name, level, message });
}
