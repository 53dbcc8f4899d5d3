import type { ActionContext } from '../core/action-context.ts';
import { boundedOutput } from '../core/bounded-output.ts';
import { runLocally } from '../local/local-command.ts';

/** Lines kept for a message. */
const SHOWN_LINES = 15;
/** What is kept of a stream for parsers; a tool that prints more is not printing results. */
const KEPT_BYTES = 16 * 1024 * 1024;

export interface ToolRun {
  readonly exitCode: number | 'timeout';
  readonly durationMs: number;
  /** The first 16 MiB. */
  readonly stdout: string;
  /** The last lines of both streams that are not blank. */
  readonly lastLines: readonly string[];
}

export interface ToolOptions {
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Shown with each line of output, e.g. `inspec`. */
  readonly source: string;
  /** What it prints is for us alone. */
  readonly isQuiet?: boolean;
}

export interface OutputTap {
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  readonly stdout: () => string;
  readonly lastLines: readonly string[];
  readonly end: () => void;
}

/** Emits what a test tool prints, line by line, and keeps what parsers and messages need of it. */
export function tapOutput(ctx: ActionContext, source: string): OutputTap {
  const lastLines: string[] = [];
  const kept: Uint8Array[] = [];
  let size = 0;
  const output = boundedOutput({
    pass: (stream, line) => ctx.emit({ type: 'output', instance: ctx.instance.name, source, stream, line }),
    look(line) {
      // Ruby's backtraces come after the message that matters.
      if (line.trim() !== '' && !/^\s+from .+:\d+:in /.test(line)) lastLines.push(line);
      if (lastLines.length > SHOWN_LINES) lastLines.shift();
      return true;
    },
  });
  return {
    lastLines,
    onOutput(stream, chunk) {
      output.push(stream, chunk);
      if (stream === 'stderr' || size >= KEPT_BYTES) return;
      const piece = chunk.subarray(0, KEPT_BYTES - size);
      size += piece.length;
      kept.push(piece);
    },
    stdout: () => Buffer.concat(kept).toString('utf8'),
    end: output.end,
  };
}

/** Runs shell text on the caller's machine as a process group of its own; a non-zero exit is a result. */
export async function runTool(ctx: ActionContext, command: string, options: ToolOptions): Promise<ToolRun> {
  const output = tapOutput(options.isQuiet ? { ...ctx, emit: () => {} } : ctx, options.source);
  const started = performance.now();
  const exitCode = await runLocally(command, {
    cwd: options.cwd,
    env: options.env,
    user: undefined,
    timeoutMs: options.timeoutMs,
    signal: ctx.signal,
    onOutput: output.onOutput,
    purpose: 'verifier',
  }).finally(output.end);
  return {
    exitCode,
    durationMs: Math.round(performance.now() - started),
    stdout: output.stdout(),
    lastLines: output.lastLines,
  };
}
