import type { ActionContext } from '../core/action-context.ts';
import type { PluginHost } from '../core/plugin-host.ts';
import type { ServiceState } from '../core/service-host.ts';
import type { TcpAddress } from '../core/transport.ts';
import { connectTo } from '../docker/connect.ts';
import { toDockerError } from '../docker/errors.ts';

/** TCP port of a running service → where it is open: on the caller's loopback, or where the machines reach it. */
export async function publishedPorts(
  host: PluginHost,
  ctx: ActionContext,
  state: ServiceState,
): Promise<ReadonlyMap<number, TcpAddress>> {
  const engine = await connectTo(state.engine, host.env, ctx.signal);
  try {
    const { NetworkSettings } = await engine.docker.getContainer(state.containerName).inspect();
    const remote = URL.canParse(engine.address) ? new URL(engine.address).hostname : '';
    const own = engine.isLocal || remote === '' ? '127.0.0.1' : remote;
    return new Map(
      Object.entries(NetworkSettings.Ports).flatMap(([key, bindings]) => {
        const mine = bindings?.filter(({ HostIp }) => !HostIp.includes(':')) ?? [];
        const binding = mine.find(({ HostIp }) => (HostIp === state.openAt) === (state.openAt !== undefined));
        if (!key.endsWith('/tcp') || !binding) return [];
        return [
          [Number.parseInt(key, 10), { host: state.openAt ?? own, port: Number(binding.HostPort) }] as const,
        ];
      }),
    );
  } catch (error) {
    throw toDockerError(error, `look at the service ${state.containerName}`);
  }
}
