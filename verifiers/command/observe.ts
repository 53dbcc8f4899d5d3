import { repeatAll } from '../../src/checks/repeat-all.ts';
import { fill, newTokens, type Tokens } from '../../src/checks/tokens.ts';
import type { Repeat } from '../../src/core/check.ts';
import type { ExecuteOptions } from '../../src/core/transport.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { CommandSpec } from './schema.ts';

export interface CommandRun {
  readonly n: number;
  readonly tokens: Tokens;
  readonly exitCode: number;
  /** At most 1 MiB each; see `truncated`. */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly durationMs: number;
  readonly via: string;
}

export interface CommandFacts {
  readonly runs: readonly CommandRun[];
  readonly repeat: Repeat | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const KEPT = 1024 * 1024;
/** All outputs of a repeated command together. */
const KEPT_TOGETHER = 32 * KEPT;

export async function observeCommand(spec: CommandSpec, probe: Probe): Promise<CommandFacts> {
  const { repeat, signal } = probe;
  const kept = Math.min(KEPT, Math.max(1024, Math.floor(KEPT_TOGETHER / (repeat?.times ?? 1))));
  const once = { times: 1, concurrency: 1 };
  const runs = await repeatAll(repeat ?? once, signal, (n) => runOnce(spec, probe, n, kept));
  return { runs, repeat };
}

async function runOnce(spec: CommandSpec, probe: Probe, n: number, kept: number): Promise<CommandRun> {
  const tokens = newTokens();
  const argv = typeof spec.command === 'string' ? [...shellOf(spec), '-c', spec.command] : spec.command;
  const options: ExecuteOptions = {
    signal: probe.signal,
    timeoutMs: spec.timeout ?? DEFAULT_TIMEOUT_MS,
    ...(spec.user !== undefined && { user: spec.user }),
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    ...(spec.env !== undefined && { env: fill(spec.env, tokens) }),
    ...(spec.stdin !== undefined && { stdin: fill(spec.stdin, tokens) }),
  };
  const result = await probe.connection.execute(fill(argv, tokens), options);
  return {
    n,
    tokens,
    exitCode: result.exitCode,
    stdout: result.stdout.slice(0, kept),
    stderr: result.stderr.slice(0, kept),
    truncated: result.stdout.length > kept || result.stderr.length > kept,
    durationMs: result.durationMs,
    via: result.via,
  };
}

function shellOf({ shell = 'sh' }: CommandSpec): readonly string[] {
  return typeof shell === 'string' ? shell.split(/\s+/) : shell;
}
