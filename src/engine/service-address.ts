import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { dialInside } from '../checks/network/dial.ts';
import type { DialAnswer } from '../checks/network/dial-answer.ts';
import { GalleyError } from '../core/errors.ts';
import type { ServiceState } from '../core/service-host.ts';
import type { Connection } from '../core/transport.ts';
import type { InstanceRun } from './instance-run.ts';
import { contextFor } from './run-context.ts';

/** Where services are open for machines that reach them by themselves; undefined when the connection leads there. */
export async function serviceAddressOf(
  { resolved }: InstanceRun,
  machine: object,
): Promise<string | undefined> {
  const { transport, transportConfig, driver, instance } = resolved;
  const wanted = transport.serviceAddress?.(transportConfig);
  if (wanted !== 'auto') return wanted;
  const endpoint = driver.endpoint(machine, transport.endpoints);
  const host = 'host' in endpoint ? endpoint.host : undefined;
  try {
    if (host === undefined) throw new Error('the driver knows no address of it');
    return await addressTowards(host);
  } catch (error) {
    throw new GalleyError({
      code: 'driver.service_address',
      kind: 'infrastructure',
      message: `which address this machine has towards ${instance.name} cannot be told: ${(error as Error).message}`,
      hint: 'name it: transport: {service_address: 10.0.1.5}',
      cause: error,
    });
  }
}

/** The caller's own IPv4 address on the way to a host. Nothing is sent. */
async function addressTowards(host: string): Promise<string> {
  const socket = createSocket('udp4');
  try {
    const connected = once(socket, 'connect');
    socket.connect(9, host);
    await connected;
    return socket.address().address;
  } finally {
    socket.close();
  }
}

const PATIENCE_MS = 5000;
const WORDS: Partial<Record<DialAnswer['outcome'], string>> = {
  timeout: 'no answer',
  refused: 'the connection is refused',
  unreachable: 'there is no route',
};

/**
 * A machine that does not reach the services by itself is told before anything converges. Throws
 * `driver.services_unreachable`; a machine on which nobody can try is let pass.
 */
export async function assertServicesReached(one: InstanceRun, connection: Connection): Promise<void> {
  const { run, resolved, record } = one;
  const ctx = contextFor(run, resolved, resolved.driverConfig);
  const states = Object.entries(record.state.services).filter(([, { openAt }]) => openAt !== undefined);
  if (states.length === 0) return;
  const tries = (await Promise.all(states.map((entry) => triesOf(entry)))).flat();
  const found = await dialInside(
    connection,
    tries.map(({ id, host, port }) => ({ id, kind: 'tcp', host, port, timeoutMs: PATIENCE_MS })),
    ctx.signal,
  ).catch(() => undefined);
  ctx.signal.throwIfAborted();
  const bad = tries.flatMap(({ id, name, host, port }) => {
    const outcome = found?.answers.get(id)?.outcome ?? 'connected';
    return outcome === 'connected' ? [] : [`${name} at ${host} port ${port}: ${WORDS[outcome] ?? outcome}`];
  });
  if (bad.length === 0) return;
  throw new GalleyError({
    code: 'driver.services_unreachable',
    kind: 'infrastructure',
    message: `${resolved.instance.name} does not reach its services on this machine`,
    details: bad,
    hint: 'is service_address: one that instances have a route to? Do the security group and the firewall of this machine let them in (TCP, the ports that the engine gives: 32768 and up)?',
  });

  async function triesOf([name, state]: readonly [string, ServiceState]) {
    const published = await run.plugins.services.published(ctx, state);
    return [...published.values()].map((at) => ({ id: `${name} ${at.port}`, name, ...at }));
  }
}
