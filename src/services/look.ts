import type { ActionContext } from '../core/action-context.ts';
import type { PluginHost } from '../core/plugin-host.ts';
import type { ServiceState } from '../core/service-host.ts';
import type { Companion } from '../core/surroundings.ts';
import { connectTo, type Engine } from '../docker/connect.ts';
import { containerView } from '../docker/container-view.ts';
import { execInContainer } from '../docker/exec.ts';

/** A started service as checks look into it. Nothing is connected before the first use. */
export function lookInto(
  host: PluginHost,
  ctx: ActionContext,
  state: ServiceState,
): Pick<Companion, 'execute' | 'facts' | 'log'> {
  const { containerName: name } = state;
  let engine: Promise<Engine> | undefined;
  const connected = (): Promise<Engine> => {
    engine ??= connectTo(state.engine, host.env, ctx.signal);
    return engine;
  };
  return {
    ...containerView(connected, name, name),
    async execute(argv, options = {}) {
      const started = performance.now();
      const done = await execInContainer(await connected(), name, { ...options, argv, name });
      return { ...done, durationMs: performance.now() - started, via: `exec in ${name}` };
    },
  };
}
