import { randomBytes } from 'node:crypto';
import { CappedBuffer } from '../../core/capped-buffer.ts';
import { commandTimeout } from '../../core/command-timeout.ts';
import { GalleyError } from '../../core/errors.ts';
import type { CommandResult, ExecuteOptions } from '../../core/transport.ts';
import { commandLines } from '../command-lines.ts';
import type { Agent } from './client.ts';
import { notRun } from './errors.ts';
import { type Job, killScript, type Look, lookScript, parseLook, startScript } from './job-script.ts';
import type { Place } from './place.ts';
import { sendFile } from './send-file.ts';

export interface SsmRequest extends ExecuteOptions {
  readonly argv: readonly string[];
  /** Takes standard output instead of its being kept. */
  readonly onStdout?: (chunk: Buffer) => void;
}

const OUTPUT_LIMIT = 16 * 1024 * 1024;
/** More than this that is still to be read goes through the bucket, bytes. */
const MANY_PAGES = 100_000;
/** Base64 that still fits into the text of the start. */
const INLINE = 24_000;

/**
 * Runs argv. A non-zero exit is a result. Throws `ssm.…`, `transport.timeout`, or the abort's reason; in the last two
 * cases the command and its children have been killed.
 */
export async function execute(place: Place, request: SsmRequest): Promise<CommandResult> {
  request.signal?.throwIfAborted();
  const started = performance.now();
  const job: Job = { dir: `${place.folder}/${randomBytes(6).toString('hex')}`, user: request.user };
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(request.signal?.reason);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const { timeoutMs } = request;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => stop.abort(commandTimeout(request.argv[0] ?? '', `on ${place.agent.instanceId}`, timeoutMs)),
          timeoutMs,
        );
  const stdout = new CappedBuffer(OUTPUT_LIMIT);
  const stderr = new CappedBuffer(OUTPUT_LIMIT);
  try {
    const exitCode = await follow(place, job, request, stop.signal, (name, chunk) => {
      if (chunk.length === 0) return;
      request.onOutput?.(name, chunk);
      if (name === 'stdout' && request.onStdout) request.onStdout(chunk);
      else (name === 'stdout' ? stdout : stderr).push(chunk);
    });
    const durationMs = performance.now() - started;
    return { exitCode, stdout: stdout.toString(), stderr: stderr.toString(), durationMs, via: 'ssm' };
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    await place.agent.run(killScript(job)).catch(() => undefined);
    throw stop.signal.reason;
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
    place.finished.push(job.dir);
  }
}

async function follow(
  place: Place,
  job: Job,
  request: SsmRequest,
  signal: AbortSignal,
  onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void,
): Promise<number> {
  const { agent } = place;
  const text = await startText(place, job, request, signal);
  let look = read(agent, await agent.run(text, signal));
  let seen = { out: 0, err: 0 };
  // What a daemon that has inherited the output writes after the end is none of the command's.
  let last: Look['sizes'] | undefined;
  for (;;) {
    onOutput('stdout', look.out);
    onOutput('stderr', look.err);
    seen = { out: seen.out + look.out.length, err: seen.err + look.err.length };
    if (look.state !== 'running') last ??= look.sizes;
    const { out, err } = last ?? look.sizes;
    const left = out - seen.out;
    if (left <= 0 && err <= seen.err) {
      if (look.state === 'lost') throw lost(place, request.argv[0] ?? '');
      if (look.state !== 'running') return look.state;
    }
    if (left > MANY_PAGES && agent.runLong) {
      const script = `tail -c +${seen.out + 1} '${job.dir}/out' | head -c ${left} | base64`;
      const chunk = Buffer.from(await agent.runLong(script, signal), 'base64');
      onOutput('stdout', chunk);
      seen = { ...seen, out: seen.out + chunk.length };
    }
    look = read(agent, await agent.run(lookScript(job, seen, look.state === 'running'), signal));
  }
}

function read(agent: Agent, answer: string): Look {
  const look = parseLook(answer);
  if (!look) throw notRun(agent.instanceId, 'its answer cannot be read', answer.slice(0, 300));
  return look;
}

/** What is long goes ahead in parts of its own. */
async function startText(place: Place, job: Job, request: SsmRequest, signal: AbortSignal): Promise<string> {
  const finished = place.finished.splice(0);
  const part = async (content: Uint8Array, name: string) => {
    const base64 = Buffer.from(content).toString('base64');
    if (base64.length <= INLINE) return { base64 };
    const file = `${job.dir}.${name}`;
    await sendFile(place, content, file, () => undefined, signal);
    return { file };
  };
  const script = Buffer.from(commandLines(request).join('\n'));
  const { stdin } = request;
  return startScript(job, {
    run: await part(script, 'run'),
    stdin:
      stdin === undefined
        ? undefined
        : await part(typeof stdin === 'string' ? Buffer.from(stdin) : stdin, 'in'),
    finished,
  });
}

function lost({ agent }: Place, command: string): GalleyError {
  return new GalleyError({
    code: 'ssm.lost',
    kind: 'infrastructure',
    message: `${command} on ${agent.instanceId} vanished before it told its exit code`,
    hint: 'did the machine restart, or did something end its processes? look at `galley logs` and run the command again',
  });
}
