import type { ActionContext } from '../../src/core/action-context.ts';
import type { MachineStatus } from '../../src/core/driver.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { ContainerView } from '../../src/core/surroundings.ts';
import { tryJson } from '../../src/core/try-json.ts';
import { connectTo } from '../../src/docker/connect.ts';
import { containerGone, containerState } from '../../src/docker/container-state.ts';
import { containerView } from '../../src/docker/container-view.ts';
import { isNotFound, toDockerError } from '../../src/docker/errors.ts';
import { filterFor } from '../../src/docker/labels.ts';
import type { DockerConfig } from './config.ts';
import { engineFor } from './engine.ts';
import { publishedPorts } from './ports.ts';
import { type DockerMachine, LabelledMachine, MACHINE_LABEL } from './record.ts';

const UNREACHABLE = ['docker.unreachable', 'docker.permission', 'docker.engine_gone'];

/**
 * `unknown` when its engine does not answer. Throws for a paused one: somebody wants it kept, and it takes no commands.
 */
export async function machineStatus(host: PluginHost, machine: DockerMachine): Promise<MachineStatus> {
  try {
    const engine = await connectTo(machine.engine, host.env);
    const { status } = await containerState(engine, machine.containerId);
    if (status === 'running' || status === 'gone') return status;
    if (status === 'paused') throw await containerGone(engine, machine.containerId, machine.containerName);
    return status === 'removing' ? 'gone' : 'stopped';
  } catch (error) {
    if (error instanceof GalleyError && UNREACHABLE.includes(error.code)) return 'unknown';
    throw error;
  }
}

/** The running container with the instance's labels; one that was never started is no machine. */
export async function findMachine(
  host: PluginHost,
  ctx: ActionContext<DockerConfig>,
): Promise<DockerMachine | undefined> {
  const engine = await engineFor(host, ctx.config, ctx.signal);
  const filters = filterFor({
    project: ctx.ownership.project,
    instance: ctx.instance.name,
    kind: 'instance',
  });
  try {
    const [newest] = await engine.docker.listContainers({ filters });
    if (!newest) return undefined;
    const { Id, Name, NetworkSettings, HostConfig } = await engine.docker.getContainer(newest.Id).inspect();
    const known = LabelledMachine.safeParse(tryJson(newest.Labels[MACHINE_LABEL] ?? ''));
    if (!known.success) return undefined;
    return {
      ...known.data,
      engine: engine.address,
      containerId: Id,
      containerName: Name.replace(/^\//, ''),
      networkName: HostConfig.NetworkMode ?? 'default',
      ports: publishedPorts(NetworkSettings.Ports, engine.address),
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw toDockerError(error, `look for ${ctx.instance.name}`);
  }
}

/** The machine as its engine tells of it. */
export function viewOf(
  host: PluginHost,
  ctx: ActionContext<DockerConfig>,
  machine: DockerMachine,
): ContainerView {
  const engine = () => connectTo(machine.engine, host.env, ctx.signal);
  return containerView(engine, machine.containerId, machine.containerName);
}
