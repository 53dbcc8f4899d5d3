import pc from 'picocolors';
import { type ErrorRecord, toErrorRecord } from '../core/errors.ts';
import type { InstanceConfig, Kitchen } from '../core/kitchen.ts';
import type { ExecuteOptions } from '../core/transport.ts';
import { runLimited } from '../engine/scheduler.ts';
import { formatError } from '../reporters/format/error.ts';
import type { GlobalOptions } from './command.ts';
import type { ExecArgs } from './commands/exec.ts';
import { created } from './created.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Host } from './host.ts';
import { watchInterrupts } from './interrupts.ts';
import { openInstance } from './open-instance.ts';
import { readExisting } from './read-existing.ts';
import { nothingLeft, select } from './selection.ts';
import { scriptOf } from './shell-script.ts';

/** As of a program that SIGPIPE ends: 128 + 13. */
const BROKEN_PIPE = 141;

type Chunk = readonly ['stdout' | 'stderr', Uint8Array];

interface Outcome {
  readonly instance: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** Why it could not be run; `exitCode` is then that of the error's kind. */
  readonly error?: ErrorRecord;
}

/**
 * Runs one script on all selected instances. The output of a single instance passes straight through as it is, and
 * the command is ended when nobody reads it any longer; of several,
 * each instance's is printed as a whole when it ends. Gives the exit code of the first failing one in config order.
 */
export async function execOn(args: ExecArgs & GlobalOptions, host: Host): Promise<number> {
  const script = scriptOf(args.command, args['--'] ?? []);
  const { kitchen } = await readExisting(host, args);
  const all = await select(kitchen, args, host);
  const selected = (args.instances ?? []).length > 0 ? all : await created(kitchen, all);
  const nothing = nothingLeft(args, selected);
  if (nothing !== undefined) {
    host.stderr.write(`${nothing}\n`);
    return 0;
  }
  using interrupts = watchInterrupts(() => undefined);
  const { gone } = host.stdout;
  const options: ExecuteOptions = {
    signal: gone ? AbortSignal.any([interrupts.signal, gone]) : interrupts.signal,
    ...(args.user !== undefined && { user: args.user }),
    ...(args.timeout !== undefined && { timeoutMs: args.timeout * 1000 }),
  };
  const isAlone = selected.length === 1 && !args.json;
  const outcomes = new Map<InstanceConfig, Outcome>();
  await runLimited(selected, Math.max(1, args.concurrency), async (config) => {
    const chunks: Chunk[] = [];
    const onOutput = (...[stream, bytes]: Chunk): void => {
      const own = Uint8Array.from(bytes);
      if (isAlone) host[stream].write(own);
      else chunks.push([stream, own]);
    };
    const outcome = await run(kitchen, config, script, { ...options, onOutput }, host);
    outcomes.set(config, outcome);
    if (!args.json) printGroup(host, outcome, isAlone ? undefined : chunks, args.debug);
  });
  const ordered = selected.flatMap((config) => outcomes.get(config) ?? []);
  if (args.json) host.stdout.write(`${JSON.stringify(ordered, null, 2)}\n`);
  if (gone?.aborted) return BROKEN_PIPE;
  return interrupts.exitCode() ?? ordered.find((one) => one.exitCode !== 0)?.exitCode ?? 0;
}

async function run(
  kitchen: Kitchen,
  config: InstanceConfig,
  script: string,
  options: ExecuteOptions,
  host: Host,
): Promise<Outcome> {
  const instance = config.instance.name;
  const started = performance.now();
  try {
    await using connection = await openInstance(kitchen, config, host, { withServices: true });
    const { exitCode, stdout, stderr } = await connection.execute(['/bin/sh', '-c', script], options);
    return { instance, exitCode, stdout, stderr, durationMs: Math.round(performance.now() - started) };
  } catch (thrown) {
    const error = toErrorRecord(thrown);
    const durationMs = Math.round(performance.now() - started);
    return { instance, exitCode: EXIT_CODES[error.kind], stdout: '', stderr: '', durationMs, error };
  }
}

function printGroup(
  host: Host,
  outcome: Outcome,
  chunks: readonly Chunk[] | undefined,
  debug: boolean,
): void {
  const colors = pc.createColors(host.stdout.color);
  if (chunks) {
    const { instance, exitCode, durationMs, error } = outcome;
    const result = error ? 'not run' : exitCode === 0 ? 'ok' : `exit ${exitCode}`;
    const paint = exitCode === 0 ? colors.green : colors.red;
    host.stdout.write(`${colors.bold(instance)}  ${paint(result)}  ${(durationMs / 1000).toFixed(1)} s\n`);
    for (const [stream, bytes] of chunks) host[stream].write(bytes);
    const last = chunks.at(-1);
    if (last && last[1].at(-1) !== 10) host[last[0]].write('\n');
  }
  // When the reader has gone nobody asked for the rest.
  if (outcome.error && !host.stdout.gone?.aborted) {
    const lines = formatError(outcome.error, pc.createColors(host.stderr.color), debug);
    host.stderr.write(`${lines.join('\n')}\n`);
  }
}
