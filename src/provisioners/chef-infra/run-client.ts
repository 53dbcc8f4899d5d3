import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../core/action-context.ts';
import { boundedOutput } from '../../core/bounded-output.ts';
import { hasCode } from '../../core/errors.ts';
import type { Connection } from '../../core/transport.ts';
import { type ClientCommand, END_MARK } from './client-command.ts';
import { type ClientEnd, parseClientEnd } from './client-end.ts';
import { progressReader } from './progress-text.ts';
import type { ChefInfraSettings } from './settings.ts';

export interface ClientRun {
  readonly exitCode: number;
  /** Stopped after the setting `timeout`; the exit code means nothing then. */
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly end: ClientEnd | undefined;
  /** The last lines of its output, for when it reported nothing. */
  readonly lastLines: readonly string[];
}

const KEPT_LINES = 40;

/**
 * Runs the client, again after `wait_for_retry` while its exit code is in `retry_on_exit_code`. Its lines become
 * `output` events.
 */
export async function runClient(
  ctx: ActionContext<ChefInfraSettings>,
  connection: Connection,
  command: ClientCommand,
  env: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Promise<ClientRun> {
  const settings = ctx.config;
  for (let tries = 0; ; tries++) {
    const run = await runOnce(ctx, connection, command, env, secrets);
    if (!settings.retry_on_exit_code.includes(run.exitCode) || tries >= settings.max_retries) return run;
    ctx.emit({
      type: 'notice',
      instance: ctx.instance.name,
      level: 'info',
      message: `the client ended with exit code ${run.exitCode}; trying again in ${settings.wait_for_retry} s`,
    });
    await sleep(settings.wait_for_retry * 1000, undefined, { signal: ctx.signal });
  }
}

async function runOnce(
  ctx: ActionContext<ChefInfraSettings>,
  connection: Connection,
  command: ClientCommand,
  env: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Promise<ClientRun> {
  const instance = ctx.instance.name;
  const lastLines: string[] = [];
  const progress = progressReader();
  const started = performance.now();
  let end: ClientEnd | undefined;
  const output = boundedOutput({
    pass: (stream, line) => ctx.emit({ type: 'output', instance, source: 'chef-client', stream, line }),
    look(line) {
      if (line.startsWith(END_MARK)) {
        end = parseClientEnd(line.slice(END_MARK.length));
        return false;
      }
      if (line.trim() !== '') lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      const text = progress(line);
      if (text !== undefined) ctx.emit({ type: 'progress', instance, text });
      return true;
    },
    secrets,
  });
  ctx.emit({ type: 'progress', instance, text: 'starting the client' });
  try {
    const result = await connection.execute(command.argv, {
      env,
      signal: ctx.signal,
      onOutput: output.push,
      ...(command.stdin !== undefined && { stdin: command.stdin }),
      ...(ctx.config.timeout != null && { timeoutMs: ctx.config.timeout * 1000 }),
    });
    output.end();
    return { exitCode: result.exitCode, timedOut: false, durationMs: result.durationMs, end, lastLines };
  } catch (error) {
    const timedOut = hasCode(error, 'transport.timeout');
    if (!timedOut) throw error;
    output.end();
    return { exitCode: 124, timedOut, durationMs: performance.now() - started, end, lastLines };
  }
}
