import type { ActionContext } from '../../src/core/action-context.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { CreateRequest, MachineSnapshot, SnapshotSubject, Snapshots } from '../../src/core/driver.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { slug } from '../../src/core/slug.ts';
import { connectTo, type Engine } from '../../src/docker/connect.ts';
import { isNotFound, toDockerError } from '../../src/docker/errors.ts';
import { filterFor } from '../../src/docker/labels.ts';
import { listLabelledImages, removeImage } from '../../src/docker/resources.ts';
import { instanceClient } from './client.ts';
import type { DockerConfig } from './config.ts';
import { engineFor } from './engine.ts';
import { type InstanceImage, instanceImage } from './image.ts';
import { ownLabels } from './own-labels.ts';
import { type DockerMachine, LabelledMachine, MACHINE_LABEL } from './record.ts';
import { SYSTEMD_TMPFS } from './systemd.ts';

type Context = ActionContext<DockerConfig>;

/** Snapshots are committed images. They carry the labels of the instance and, from its container, those of its machine. */
export function dockerSnapshots(host: PluginHost): Snapshots<DockerConfig, DockerMachine> {
  return {
    inputs: (ctx, request) => inputs(host, ctx, request),
    take: (ctx, machine, subject, record) => take(host, ctx, machine, subject, record),
    exists: async (ctx, snapshot) =>
      (await inspected(await engineFor(host, ctx.config, ctx.signal), snapshot)) !== undefined,
    remove: (ctx, instance, keep) => removeAll(host, ctx, instance, keep),
  };
}

/** The image that a machine is made from: the snapshot, under the init system that it was taken from. */
export async function restoredImage(engine: Engine, snapshot: MachineSnapshot): Promise<InstanceImage> {
  const labels = await inspected(engine, snapshot);
  if (!labels) {
    throw new GalleyError({
      code: 'docker.snapshot_gone',
      kind: 'infrastructure',
      message: `the snapshot ${snapshot.name} was removed from the engine in the meantime`,
      hint: 'run the command again: it is taken anew',
    });
  }
  const known = LabelledMachine.parse(JSON.parse(labels[MACHINE_LABEL] ?? ''));
  // The command it was committed with is one of ours, no evidence of what the image was made for.
  return { ref: snapshot.name, id: snapshot.id, digest: snapshot.id, command: [], init: known.init };
}

async function inputs(host: PluginHost, ctx: Context, request: CreateRequest): Promise<string> {
  const engine = await engineFor(host, ctx.config, ctx.signal);
  const [image, client] = await Promise.all([
    instanceImage(host, engine, ctx),
    instanceClient(host, engine, ctx, request),
  ]);
  const { expiresMs: _, concurrency: __, ...config } = ctx.config;
  const facts = [engine.address, image.id, client?.install.digest, config];
  return digestOf(facts);
}

async function take(
  host: PluginHost,
  ctx: Context,
  machine: DockerMachine,
  { instance, key }: SnapshotSubject,
  record: (name: string) => Promise<void>,
): Promise<MachineSnapshot> {
  ctx.signal.throwIfAborted();
  const engine = await connectTo(machine.engine, host.env, ctx.signal);
  const repo = `galley-snapshot/${slug(ctx.ownership.project)}`;
  const tag = `${instance.replaceAll(/[^\w.-]+/g, '-').slice(0, 100)}-${key.slice(0, 12)}`;
  const name = `${repo}:${tag}`;
  await record(name);
  await tellWhatIsLeftOut(engine, ctx, machine);
  ctx.emit({
    type: 'progress',
    instance: ctx.instance.name,
    text: `taking a snapshot for what starts from ${instance}`,
  });
  try {
    const container = engine.docker.getContainer(machine.containerId);
    // Under `_query` and `_body` docker-modem sends both; what the body leaves out is taken from the container.
    const request = {
      _query: { container: container.id, repo, tag, pause: true, comment: 'galley snapshot' },
      _body: { Labels: ownLabels(ctx, instance, 'snapshot') },
    };
    // Typed as if it gave nothing.
    const commit = container.commit.bind(container) as unknown as (
      options: typeof request,
    ) => Promise<{ readonly Id: string }>;
    const { Id: id } = await commit(request);
    ctx.emit({ type: 'made', instance: ctx.instance.name, kind: 'image', name });
    return { name, id };
  } catch (error) {
    throw toDockerError(error, `take a snapshot of ${machine.containerName}`);
  }
}

/** Data outside the container's own layer. The client's volume is mounted again anyway. */
async function tellWhatIsLeftOut(engine: Engine, ctx: Context, machine: DockerMachine): Promise<void> {
  const { Mounts, HostConfig } = await engine.docker.getContainer(machine.containerId).inspect();
  const mounted = Mounts.filter((mount) => mount.RW).map((mount) => `${mount.Destination} (${mount.Type})`);
  const inMemory = Object.keys(HostConfig.Tmpfs ?? {}).filter(
    (path) => machine.init === 'none' || !Object.hasOwn(SYSTEMD_TMPFS, path),
  );
  const left = [...mounted, ...inMemory.map((path) => `${path} (tmpfs)`)];
  if (left.length === 0) return;
  const message = `the snapshot does not hold what is in ${left.join(', ')}`;
  ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
}

/** Labels of the image; undefined when it is not there. */
async function inspected(
  engine: Engine,
  snapshot: MachineSnapshot,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const { Config } = await engine.docker.getImage(snapshot.id).inspect();
    return Config.Labels ?? {};
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw toDockerError(error, `look at snapshot ${snapshot.name}`);
  }
}

/**
 * One that a container runs from stays; the engine takes it for `gc` to find when that container is gone. One that
 * others were taken on top of loses its name and goes with them.
 */
async function removeAll(
  host: PluginHost,
  ctx: Context,
  instance: string,
  keep: MachineSnapshot | undefined,
): Promise<void> {
  const engine = await engineFor(host, ctx.config, ctx.signal);
  const { project } = ctx.ownership;
  const found = await listLabelledImages(engine, filterFor({ project, instance, kind: 'snapshot' }));
  for (const image of found) {
    if (image.id === keep?.id) continue;
    if (!(await removeImage(engine, image))) {
      const message = `the snapshot ${image.name} is left: a machine made from it exists; galley gc removes it later`;
      if (!keep) ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'info', message });
      continue;
    }
    ctx.emit({ type: 'removed', instance: ctx.instance.name, kind: 'image', name: image.name });
  }
}
