import type { ActionContext } from '../core/action-context.ts';
import { hasCode } from '../core/errors.ts';
import type { Connection } from '../core/transport.ts';
import { type ToolRun, tapOutput } from './run-tool.ts';

export interface RemoteOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Shown with each line of output, e.g. `bats`. */
  readonly source: string;
}

/** Runs shell text on the instance as the user who can do everything; a non-zero exit and a timeout are results. */
export async function runOnInstance(
  ctx: ActionContext,
  connection: Connection,
  script: string,
  options: RemoteOptions,
): Promise<ToolRun> {
  const output = tapOutput(ctx, options.source);
  const started = performance.now();
  const end = (exitCode: ToolRun['exitCode']): ToolRun => {
    output.end();
    const durationMs = Math.round(performance.now() - started);
    return { exitCode, durationMs, stdout: output.stdout(), lastLines: output.lastLines };
  };
  try {
    const { exitCode } = await connection.execute(['/bin/sh', '-c', script], {
      env: options.env,
      signal: ctx.signal,
      timeoutMs: options.timeoutMs,
      onOutput: output.onOutput,
    });
    return end(exitCode);
  } catch (error) {
    const isTimeout = hasCode(error, 'transport.timeout');
    const timedOut = end('timeout');
    if (!isTimeout) throw error;
    return timedOut;
  }
}
