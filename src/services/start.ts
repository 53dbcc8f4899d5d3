import type { ActionContext } from '../core/action-context.ts';
import type { ServiceNetwork } from '../core/driver.ts';
import { GalleyError } from '../core/errors.ts';
import type { PluginHost } from '../core/plugin-host.ts';
import type { ServiceSpec, ServiceWait } from '../core/service.ts';
import type { ServiceState } from '../core/service-host.ts';
import { connectEngine, connectTo, type Engine } from '../docker/connect.ts';
import { containerState, lastLogLines } from '../docker/container-state.ts';
import { toDockerError } from '../docker/errors.ts';
import { labelsFor } from '../docker/labels.ts';
import { resourceName } from '../docker/resource-name.ts';
import { removeResource } from '../docker/resources.ts';
import { ensureImage } from '../images/ensure.ts';
import { serviceHash } from './config-hash.ts';
import { defaultWait, describeWait, type ImageFacts } from './default-wait.ts';
import { loadTestcontainers } from './load.ts';
import { type OwnNetwork, ownNetwork } from './own-network.ts';

type Record = (name: string, state: ServiceState) => Promise<void>;

/** Label with the hash of what the service was made with. */
const CONFIG_LABEL = 'galley.config';

/** Starts all at once and waits until all are ready; the first failure is thrown when all have come to their end. */
export async function startServices(
  host: PluginHost,
  ctx: ActionContext,
  network: ServiceNetwork | undefined,
  services: Readonly<globalThis.Record<string, ServiceSpec>>,
  known: Readonly<globalThis.Record<string, ServiceState>>,
  record: Record,
  openAt?: string,
): Promise<void> {
  const engine = network
    ? await connectTo(network.engine, host.env, ctx.signal)
    : await connectEngine(host.env, ctx.signal);
  const own = network ? undefined : ownNetwork(engine, ctx, known);
  const results = await Promise.allSettled(
    Object.entries(services).map(([name, spec]) =>
      startService(host, ctx, engine, {
        name,
        spec,
        network: network?.name ?? own?.name ?? '',
        own,
        known: known[name],
        record,
        openAt: network ? undefined : openAt,
      }),
    ),
  );
  ctx.signal.throwIfAborted();
  const failed = results.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

interface Wanted {
  readonly name: string;
  readonly spec: ServiceSpec;
  readonly network: string;
  /** The network, when it was made for the services alone. */
  readonly own: OwnNetwork | undefined;
  readonly known: ServiceState | undefined;
  /** Where its ports are open, too. */
  readonly openAt: string | undefined;
  readonly record: Record;
}

async function startService(
  host: PluginHost,
  ctx: ActionContext,
  engine: Engine,
  wanted: Wanted,
): Promise<void> {
  const { name, spec, known } = wanted;
  const progress = (text: string) =>
    ctx.emit({ type: 'progress', instance: ctx.instance.name, text: `${name}: ${text}` });
  const image = await ctx.once(`image ${spec.image}\n${engine.address}`, () =>
    ensureImage(engine, spec.image, {
      policy: 'missing',
      cacheDir: host.cacheDir,
      onProgress: progress,
      signal: ctx.signal,
    }),
  );
  const hash = serviceHash(spec, image.id, wanted.network, wanted.openAt);
  const wait = spec.wait ?? defaultWait(spec, await imageFacts(engine, image.id));
  if (known && known.configHash === hash && (await isRunning(engine, known))) {
    await waitAgain(ctx, engine, wanted, wait, known.containerName);
    return;
  }
  if (known)
    await removeResource(engine, { kind: 'container', id: known.containerName, name: known.containerName });
  const { project, runId } = ctx.ownership;
  const containerName = resourceName(project, ctx.instance.name, name, runId);
  const state = {
    containerName,
    image: image.digest,
    configHash: hash,
    engine: engine.address,
    ...(wanted.own !== undefined && { networkName: wanted.own.name }),
    ...(wanted.openAt !== undefined && { openAt: wanted.openAt }),
  };
  await wanted.record(name, state);
  await wanted.own?.make();
  ctx.signal.throwIfAborted();
  progress(`starting ${spec.image}`);
  const { Companion, keepingWait, portsAskedFromHere } = await loadTestcontainers(engine);
  const kept = keepingWait(wait, waitInput(ctx, engine, spec, containerName));
  try {
    const companion = new Companion(image.ref)
      .withName(containerName)
      .withLabels({ ...labelsFor(ctx.ownership, ctx.instance.name, 'service'), [CONFIG_LABEL]: hash })
      .withEnvironment({ ...spec.environment })
      .withOnlyNetwork(wanted.network, name)
      .withPublished(
        [...new Set([...portsAskedFromHere(wait), ...(wanted.own ? spec.ports : [])])],
        [engine.isLocal ? '127.0.0.1' : '0.0.0.0', wanted.openAt].filter((one) => one !== undefined),
      )
      // No reaper: the service outlives this process and is removed by destroy.
      .withAutoCleanup(false)
      .withWaitStrategy(kept);
    if (spec.command) companion.withCommand([...spec.command]);
    const started = await companion.start();
    ctx.emit({ type: 'made', instance: ctx.instance.name, kind: 'container', name: containerName });
    await wanted.record(name, { ...state, containerId: started.getId() });
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw notAnAddress(error, wanted) ?? toDockerError(error, `start service ${name}`);
  }
  if (kept.failure) throw await notReady(ctx, engine, wanted, wait, containerName, kept.failure);
}

/** The engine says so in its own words when an address is none of its machine. */
function notAnAddress(error: unknown, { openAt, name }: Wanted): GalleyError | undefined {
  const words = error instanceof Error ? error.message : '';
  if (openAt === undefined || !/cannot assign requested address/i.test(words)) return undefined;
  return new GalleyError({
    code: 'service.no_such_address',
    kind: 'config',
    message: `the service ${name} cannot be opened at ${openAt}: the machine of the engine has no such address`,
    got: `service_address: ${openAt}`,
    hint: '`hostname -I` lists its addresses; service_address: auto takes the one towards the instance',
    cause: error,
  });
}

/** A create that was cut off while it waited left a service that runs but may not be ready. */
async function waitAgain(
  ctx: ActionContext,
  engine: Engine,
  wanted: Wanted,
  wait: ServiceWait | undefined,
  containerName: string,
): Promise<void> {
  const { keepingWait, portsOf } = await loadTestcontainers(engine);
  const container = engine.docker.getContainer(containerName);
  const kept = keepingWait(wait, waitInput(ctx, engine, wanted.spec, containerName));
  await kept.waitUntilReady(container, await portsOf(container));
  if (kept.failure) throw await notReady(ctx, engine, wanted, wait, containerName, kept.failure);
}

function waitInput(ctx: ActionContext, engine: Engine, spec: ServiceSpec, name: string) {
  return { engine, name, timeoutMs: spec.timeout * 1000, signal: ctx.signal };
}

async function isRunning(engine: Engine, known: ServiceState): Promise<boolean> {
  if (known.engine !== engine.address) return false;
  return (await containerState(engine, known.containerName)).status === 'running';
}

async function imageFacts(engine: Engine, id: string): Promise<ImageFacts> {
  try {
    const { Config } = await engine.docker.getImage(id).inspect();
    const test = Config.Healthcheck?.Test ?? [];
    const exposed = Object.keys(Config.ExposedPorts ?? {}).filter((port) => port.endsWith('/tcp'));
    return {
      hasHealthCheck: test.length > 0 && test[0] !== 'NONE',
      exposedPorts: exposed.map((port) => Number.parseInt(port, 10)),
    };
  } catch (error) {
    throw toDockerError(error, `look at image ${id}`);
  }
}

async function notReady(
  ctx: ActionContext,
  engine: Engine,
  { name, spec }: Wanted,
  wait: ServiceWait | undefined,
  containerName: string,
  failure: Error,
): Promise<Error> {
  ctx.signal.throwIfAborted();
  const state = await containerState(engine, containerName);
  const isUp = state.status === 'running';
  const what = describeWait(wait);
  return new GalleyError({
    code: 'service.not_ready',
    kind: 'infrastructure',
    message: isUp
      ? `service ${name} (${spec.image}) was not ready within ${spec.timeout} s`
      : `service ${name} (${spec.image}) stopped with exit code ${state.exitCode}`,
    expected: what,
    got: isUp
      ? failure.message
      : `exit code ${state.exitCode}${state.isOutOfMemory ? ', out of memory' : ''}`,
    details: await lastLogLines(engine, containerName, 20),
    hint: `\`docker logs ${containerName}\` shows all of its output; change wait: or timeout: of the service, or its environment:`,
    cause: failure,
  });
}
