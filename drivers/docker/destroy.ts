import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { connectTo, type Engine } from '../../src/docker/connect.ts';
import { filterFor } from '../../src/docker/labels.ts';
import { type FoundResource, listLabelled, removeResource } from '../../src/docker/resources.ts';
import type { DockerConfig } from './config.ts';
import { engineFor } from './engine.ts';
import type { DockerMachine } from './record.ts';

type Context = ActionContext<DockerConfig>;

/**
 * Removes all that carries the instance's labels, its services and sidecars included, and what is recorded. Kills: a
 * test machine has nothing to save, and waiting for it to shut down takes the engine 10 s.
 */
export async function destroyMachine(
  host: PluginHost,
  ctx: Context,
  made: Partial<DockerMachine>,
): Promise<void> {
  const engine =
    made.engine === undefined
      ? await engineFor(host, ctx.config, ctx.signal)
      : await connectTo(made.engine, host.env, ctx.signal);
  const labelled = await listLabelled(
    engine,
    filterFor({ project: ctx.ownership.project, instance: ctx.instance.name }),
  );
  const found = [...labelled, ...recorded(made, labelled)];
  const failures: string[] = [];
  const containers = found.filter((one) => one.kind === 'container');
  await Promise.all(containers.map((one) => kill(engine, one)));
  // A dead container holds its network no longer, so both go at the same time: 0.3 s instead of 0.45 s.
  for (const kinds of [['container', 'network'], ['volume']]) {
    const now = found.filter((one) => kinds.includes(one.kind));
    const results = await Promise.allSettled(now.map((one) => remove(engine, ctx, one)));
    for (const [at, result] of results.entries()) {
      if (result.status === 'fulfilled') continue;
      failures.push(`${now[at]?.kind} ${now[at]?.name}: ${(result.reason as Error).message}`);
    }
  }
  if (failures.length === 0) return;
  throw new GalleyError({
    code: 'docker.not_removed',
    kind: 'infrastructure',
    message: `could not remove all that was made for ${ctx.instance.name}`,
    details: failures,
    hint: `galley destroy ${ctx.instance.name} tries again; \`docker rm -fv NAME\` and \`docker network rm NAME\` do it by hand`,
  });
}

/** Only makes what follows quicker: the removal is by force and reports what cannot be done. */
async function kill(engine: Engine, container: FoundResource): Promise<void> {
  await engine.docker
    .getContainer(container.id)
    .kill({ signal: 'SIGKILL' })
    .catch(() => undefined);
}

async function remove(engine: Engine, ctx: Context, one: FoundResource): Promise<void> {
  await removeResource(engine, one);
  ctx.emit({ type: 'removed', instance: ctx.instance.name, kind: one.kind, name: one.name });
}

/** Recorded things that the labels did not lead to, as after someone changed the project's folder. */
function recorded(made: Partial<DockerMachine>, labelled: readonly FoundResource[]): FoundResource[] {
  const { containerName: name, networkName } = made;
  const missing = (kind: 'container' | 'network') =>
    name !== undefined && !labelled.some((one) => one.kind === kind && one.name === name);
  const found: FoundResource[] = [];
  if (name !== undefined && missing('container'))
    found.push({ kind: 'container', id: name, name, labels: {} });
  if (name !== undefined && networkName === name && missing('network')) {
    found.push({ kind: 'network', id: name, name, labels: {} });
  }
  return found;
}
