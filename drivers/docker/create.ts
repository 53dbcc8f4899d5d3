import type { ActionContext } from '../../src/core/action-context.ts';
import { allDone } from '../../src/core/all-done.ts';
import type { CreateRequest } from '../../src/core/driver.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { Engine } from '../../src/docker/connect.ts';
import { filterFor } from '../../src/docker/labels.ts';
import { resourceName } from '../../src/docker/resource-name.ts';
import { removeLabelled } from '../../src/docker/resources.ts';
import { instanceClient } from './client.ts';
import type { DockerConfig } from './config.ts';
import { engineFor } from './engine.ts';
import { createError } from './errors.ts';
import { instanceImage } from './image.ts';
import { decideInit } from './init.ts';
import { ownLabels } from './own-labels.ts';
import { ownsNetwork, planContainer, wantsPtrace } from './plan.ts';
import { publishedPorts } from './ports.ts';
import { type DockerMachine, MACHINE_LABEL } from './record.ts';
import { restoredImage } from './snapshots.ts';

type Context = ActionContext<DockerConfig>;

/** Makes network and container and starts it. When it fails half way, what it made is removed again. */
export async function createMachine(
  host: PluginHost,
  ctx: Context,
  request: CreateRequest,
  record: (made: Partial<DockerMachine>) => Promise<void>,
): Promise<DockerMachine> {
  const { config, instance, ownership } = ctx;
  ctx.signal.throwIfAborted();
  const engine = await engineFor(host, config, ctx.signal);
  const name = resourceName(ownership.project, instance.name, ownership.runId);
  const networkName = ownsNetwork(config) ? name : (config.networkMode ?? name);
  await record({ engine: engine.address, containerName: name, networkName });
  try {
    return await make(host, engine, ctx, request, { name, networkName });
  } catch (error) {
    const { project, runId: run } = ownership;
    await removeLabelled(engine, filterFor({ project, run, instance: instance.name })).catch(() => undefined);
    throw error;
  }
}

async function make(
  host: PluginHost,
  engine: Engine,
  ctx: Context,
  request: CreateRequest,
  names: { readonly name: string; readonly networkName: string },
): Promise<DockerMachine> {
  const { config, instance, signal } = ctx;
  const [image, client] = await allDone([
    request.from ? restoredImage(engine, request.from) : instanceImage(host, engine, ctx),
    instanceClient(host, engine, ctx, request),
    ownsNetwork(config) ? createNetwork(engine, ctx, names.networkName) : undefined,
  ]);
  signal.throwIfAborted();
  const init = decideInit({
    wanted: config.init ?? image.init,
    command: config.command ?? config.entrypoint,
    imageRef: image.ref,
    imageCommand: image.command,
  });
  const made = {
    image: { ref: image.ref, id: image.id, digest: image.digest },
    init,
    hasPtrace: wantsPtrace(config, init) || config.privileged,
    ...(client && { client: client.install }),
  };
  const plan = planContainer({
    config,
    instance: instance.name,
    root: ctx.root,
    ...names,
    imageId: image.id,
    init,
    engine: engine.info,
    isLocalEngine: engine.isLocal,
    clientVolume: client?.volume,
    hostPorts: request.hostPorts,
    labels: { ...ownLabels(ctx, instance.name, 'instance'), [MACHINE_LABEL]: JSON.stringify(made) },
  });
  ctx.emit({ type: 'progress', instance: instance.name, text: `starting ${image.ref}` });
  try {
    const container = await engine.docker.createContainer(plan);
    ctx.emit({ type: 'made', instance: instance.name, kind: 'container', name: names.name });
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const ports =
      config.networkMode === 'host'
        ? publishedPorts(onHost(request.hostPorts), engine.address)
        : publishedPorts(NetworkSettings.Ports, engine.address);
    return {
      ...made,
      engine: engine.address,
      containerName: names.name,
      containerId: container.id,
      networkName: names.networkName,
      ports,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw createError(error, names.name, config);
  }
}

async function createNetwork(engine: Engine, ctx: Context, name: string): Promise<void> {
  const { ipv6Subnet } = ctx.config;
  try {
    await engine.docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      Labels: ownLabels(ctx, ctx.instance.name, 'network'),
      ...(ipv6Subnet !== undefined && {
        EnableIPv6: true,
        IPAM: { Driver: 'default', Config: [{ Subnet: ipv6Subnet }] },
      }),
    });
    ctx.emit({ type: 'made', instance: ctx.instance.name, kind: 'network', name });
  } catch (error) {
    throw createError(error, name, ctx.config);
  }
}

function onHost(ports: readonly number[]): Record<string, { HostIp: string; HostPort: string }[]> {
  return Object.fromEntries(ports.map((port) => [`${port}/tcp`, [{ HostIp: '', HostPort: String(port) }]]));
}
