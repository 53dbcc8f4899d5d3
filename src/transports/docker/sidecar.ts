import type { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import type { ActionContext } from '../../core/action-context.ts';
import { CappedBuffer } from '../../core/capped-buffer.ts';
import { containerGone, containerState } from '../../docker/container-state.ts';
import { demultiplexer } from '../../docker/demux.ts';
import { isConflict, isNotFound, toDockerError } from '../../docker/errors.ts';
import { type ExecOutcome, type ExecRequest, feed, OUTPUT_LIMIT } from '../../docker/exec.ts';
import { labelsFor } from '../../docker/labels.ts';
import { limitsOf } from '../../docker/limits.ts';
import type { Target } from './target.ts';

/**
 * Runs a command beside the target: a short-lived container from the same image with the target's processes, network
 * and volumes, and CAP_SYS_PTRACE, which the target lacks. Note that `/` is another file system there; the target's
 * is /proc/1/root.
 */
export async function runInSidecar(
  target: Target,
  request: ExecRequest,
  ctx: Pick<ActionContext, 'instance' | 'ownership'>,
): Promise<ExecOutcome> {
  request.signal?.throwIfAborted();
  let container: Dockerode.Container | undefined;
  try {
    container = await target.engine.docker.createContainer(plan(target, request, ctx));
    return await run(container, request);
  } catch (error) {
    request.signal?.throwIfAborted();
    const state = await containerState(target.engine, target.id);
    if (state.status !== 'running') throw await containerGone(target.engine, target.id, target.name);
    throw toDockerError(error, `run ${request.argv[0]} beside ${target.name}`);
  } finally {
    await container?.remove({ force: true, v: true }).catch((error: unknown) => {
      if (!isNotFound(error) && !isConflict(error))
        throw toDockerError(error, `remove a sidecar of ${target.name}`);
    });
  }
}

function plan(
  target: Target,
  request: ExecRequest,
  ctx: Pick<ActionContext, 'instance' | 'ownership'>,
): Dockerode.ContainerCreateOptions {
  return {
    Image: target.imageId,
    Entrypoint: [...request.argv],
    Cmd: [],
    User: request.user ?? '0',
    ...(request.cwd !== undefined && { WorkingDir: request.cwd }),
    Env: Object.entries(request.env ?? {}).map(([key, value]) => `${key}=${value}`),
    Labels: labelsFor(ctx.ownership, ctx.instance.name, 'sidecar'),
    AttachStdin: request.stdin !== undefined,
    OpenStdin: request.stdin !== undefined,
    StdinOnce: request.stdin !== undefined,
    HostConfig: {
      PidMode: `container:${target.id}`,
      NetworkMode: `container:${target.id}`,
      VolumesFrom: [target.id],
      CapAdd: ['SYS_PTRACE'],
      // Removes itself also when this process is killed.
      AutoRemove: true,
    },
  };
}

async function run(container: Dockerode.Container, request: ExecRequest): Promise<ExecOutcome> {
  const stdout = new CappedBuffer(OUTPUT_LIMIT);
  const stderr = new CappedBuffer(OUTPUT_LIMIT);
  const hasInput = request.stdin !== undefined;
  const io = { stream: true, stdin: hasInput, stdout: true, stderr: true, hijack: true };
  const stream = (await container.attach(io)) as Duplex;
  const demux = demultiplexer((name, chunk) => {
    (name === 'stderr' ? stderr : stdout).push(chunk);
    request.onOutput?.(name, chunk);
  });
  stream.on('data', demux);
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
  const exited = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>;
  exited.catch(() => undefined);
  await container.start();
  feed(stream, request.stdin);
  using limits = limitsOf(request);
  try {
    const { StatusCode: exitCode } = await Promise.race([exited, limits.reached]);
    await Promise.race([ended, limits.reached]);
    return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
  } finally {
    stream.destroy();
  }
}
