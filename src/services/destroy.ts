import type { ActionContext } from '../core/action-context.ts';
import { GalleyError } from '../core/errors.ts';
import type { PluginHost } from '../core/plugin-host.ts';
import type { ServiceState } from '../core/service-host.ts';
import { connectTo } from '../docker/connect.ts';
import { removeResource } from '../docker/resources.ts';

/** Kills and removes the services with their volumes, all at once. */
export async function destroyServices(
  host: PluginHost,
  ctx: ActionContext,
  states: Readonly<Record<string, ServiceState>>,
): Promise<void> {
  const entries = Object.entries(states);
  const results = await Promise.allSettled(
    entries.map(async ([, { containerName: name, engine: address }]) => {
      const engine = await connectTo(address, host.env, ctx.signal);
      await removeResource(engine, { kind: 'container', id: name, name });
      ctx.emit({ type: 'removed', instance: ctx.instance.name, kind: 'container', name });
    }),
  );
  const networks = await removeNetworks(host, ctx, Object.values(states));
  const failures = results.flatMap((one, at) =>
    one.status === 'rejected' ? [`${entries[at]?.[0]}: ${(one.reason as Error).message}`] : [],
  );
  failures.push(...networks);
  if (failures.length === 0) return;
  throw new GalleyError({
    code: 'service.not_removed',
    kind: 'infrastructure',
    message: `could not remove all services of ${ctx.instance.name}`,
    details: failures,
    hint: `galley destroy ${ctx.instance.name} tries again`,
  });
}

/** Those that were made for the services. Gives what could not be removed. */
async function removeNetworks(
  host: PluginHost,
  ctx: ActionContext,
  states: readonly ServiceState[],
): Promise<readonly string[]> {
  const networks = new Map(states.flatMap((one) => (one.networkName ? [[one.networkName, one.engine]] : [])));
  const failures: string[] = [];
  for (const [name, address] of networks) {
    try {
      const engine = await connectTo(address, host.env, ctx.signal);
      await removeResource(engine, { kind: 'network', id: name, name });
      ctx.emit({ type: 'removed', instance: ctx.instance.name, kind: 'network', name });
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return failures;
}
