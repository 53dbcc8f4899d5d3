import type { ActionContext } from '../core/action-context.ts';
import type { ServiceState } from '../core/service-host.ts';
import type { Engine } from '../docker/connect.ts';
import { isNotFound, toDockerError } from '../docker/errors.ts';
import { labelsFor } from '../docker/labels.ts';
import { resourceName } from '../docker/resource-name.ts';

/** The network of services whose machine is elsewhere. */
export interface OwnNetwork {
  readonly name: string;
  /** Makes it, once, unless it is there. Call it when its name is recorded. */
  make(): Promise<void>;
}

export function ownNetwork(
  engine: Engine,
  ctx: ActionContext,
  known: Readonly<Record<string, ServiceState>>,
): OwnNetwork {
  const { project, runId } = ctx.ownership;
  const recorded = Object.values(known).find((state) => state.networkName !== undefined)?.networkName;
  const name = recorded ?? resourceName(project, ctx.instance.name, 'services', runId);
  let made: Promise<void> | undefined;
  return {
    name,
    make() {
      made ??= makeNetwork(engine, ctx, name);
      return made;
    },
  };
}

async function makeNetwork(engine: Engine, ctx: ActionContext, name: string): Promise<void> {
  try {
    await engine.docker.getNetwork(name).inspect();
    return;
  } catch (error) {
    if (!isNotFound(error)) throw toDockerError(error, `look for the network ${name}`);
  }
  try {
    await engine.docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      Labels: labelsFor(ctx.ownership, ctx.instance.name, 'network'),
    });
  } catch (error) {
    throw toDockerError(error, `make the network ${name}`);
  }
  ctx.emit({ type: 'made', instance: ctx.instance.name, kind: 'network', name });
}
