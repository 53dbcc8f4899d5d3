import type { ActionContext } from '../core/action-context.ts';
import type { PluginHost } from '../core/plugin-host.ts';
import type { ServiceState } from '../core/service-host.ts';
import { connectTo } from '../docker/connect.ts';
import { isNotFound, toDockerError } from '../docker/errors.ts';

/** Names of the services that were started once and do not run now: removed, stopped or crashed. */
export async function stoppedServices(
  host: PluginHost,
  ctx: ActionContext,
  states: Readonly<Record<string, ServiceState>>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(states).map(async ([name, state]) => ((await runs(host, ctx, state)) ? [] : [name])),
  );
  return found.flat();
}

async function runs(host: PluginHost, ctx: ActionContext, state: ServiceState): Promise<boolean> {
  const engine = await connectTo(state.engine, host.env, ctx.signal);
  try {
    const { State } = await engine.docker.getContainer(state.containerName).inspect();
    return State.Running && !State.Paused;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw toDockerError(error, `look at the service ${state.containerName}`);
  }
}
