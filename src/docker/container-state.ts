import { GalleyError } from '../core/errors.ts';
import type { Engine } from './connect.ts';
import { demultiplexedLines } from './demux.ts';
import { isNotFound, toDockerError } from './errors.ts';

export interface ContainerState {
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead' | 'gone';
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  /** The engine's own error, e.g. why it could not be started. */
  readonly error: string;
}

const GONE: ContainerState = { status: 'gone', exitCode: 0, isOutOfMemory: false, error: '' };

/** `gone` when the engine does not know the container. Throws when the engine does not answer. */
export async function containerState(engine: Engine, container: string): Promise<ContainerState> {
  try {
    const { State } = await engine.docker.getContainer(container).inspect();
    return {
      status: State.Status as ContainerState['status'],
      exitCode: State.ExitCode,
      isOutOfMemory: State.OOMKilled,
      error: State.Error,
    };
  } catch (error) {
    if (isNotFound(error)) return GONE;
    throw toDockerError(error, `look at container ${container}`);
  }
}

/** The container's last output lines, stdout and stderr together; empty when there are none to be had. */
export async function lastLogLines(engine: Engine, container: string, count: number): Promise<string[]> {
  try {
    const { docker } = engine;
    const logs = await docker
      .getContainer(container)
      .logs({ follow: false, stdout: true, stderr: true, tail: count });
    return demultiplexedLines(logs).slice(-count);
  } catch {
    return [];
  }
}

/** The container cannot take commands any more: what became of it, with its last output. */
export async function containerGone(engine: Engine, container: string, name: string): Promise<GalleyError> {
  const state = await containerState(engine, container);
  const details = state.status === 'gone' ? [] : await lastLogLines(engine, container, 10);
  return new GalleyError({
    code: 'docker.container_gone',
    kind: 'infrastructure',
    message: `container ${name} ${describe(state)}`,
    details,
    hint:
      state.status === 'paused'
        ? `docker unpause ${name} lets it go on`
        : 'galley destroy removes what is left of it; the next create makes a new one',
  });
}

function describe(state: ContainerState): string {
  switch (state.status) {
    case 'gone':
      return 'was removed by someone else';
    case 'paused':
      return 'is paused and takes no commands';
    case 'exited':
    case 'dead':
      return state.isOutOfMemory
        ? 'was killed because it ran out of memory'
        : `stopped with exit code ${state.exitCode}${state.error ? ` (${state.error})` : ''}`;
    default:
      return `is ${state.status}`;
  }
}
