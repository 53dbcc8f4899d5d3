import type { ActionContext } from '../core/driver.ts';
import { GalleyError } from '../core/errors.ts';
import type { ServiceState } from '../core/service-host.ts';
import { connectTo } from '../docker/connect.ts';
import { removeResource } from '../docker/resources.ts';
import type { ServicesHost } from './index.ts';

/** Kills and removes the services with their volumes, all at once. */
export async function destroyServices(
  host: ServicesHost,
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
  const failures = results.flatMap((one, at) =>
    one.status === 'rejected' ? [`${entries[at]?.[0]}: ${(one.reason as Error).message}`] : [],
  );
  if (failures.length === 0) return;
  throw new GalleyError({
    code: 'service.not_removed',
    kind: 'infrastructure',
    message: `could not remove all services of ${ctx.instance.name}`,
    details: failures,
    hint: `galley destroy ${ctx.instance.name} tries again`,
  });
}
