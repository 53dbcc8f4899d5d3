import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Connection } from '../core/transport.ts';
import type { InstanceRun } from './instance-run.ts';
import { contextFor } from './run-context.ts';

const LOOPBACK = '127.0.0.1';
const MARK = '# services that galley leads here';

/** `sh -c SCRIPT sh LINE`: LINE is the only one with the mark. In a container the file can be written, not replaced. */
const HOSTS = `grep -qxF "$1" /etc/hosts && exit 0
rest=$(grep -v '${MARK}$' /etc/hosts)
printf '%s\\n%s\\n' "$rest" "$1" > /etc/hosts`;

/** Ports of the services that the machine reaches through the connection, because they are on the caller's side. */
export function ledPorts(one: InstanceRun): ReadonlyMap<number, string> {
  const { driver, config } = one.resolved;
  if (Object.keys(one.record.state.services).length === 0) return new Map();
  if (driver.serviceNetwork(one.machineOrThrow()) !== undefined) return new Map();
  return portsToLead(config);
}

/** Port of a loopback → the service it leads to. Throws `driver.service_ports` when two services want the same. */
export function portsToLead(config: Pick<InstanceConfig, 'services'>): ReadonlyMap<number, string> {
  const ports = new Map<number, string>();
  for (const [name, { ports: own }] of Object.entries(config.services)) {
    for (const port of own) {
      const other = ports.get(port);
      if (other !== undefined) throw sharedPort(port, [other, name]);
      ports.set(port, name);
    }
  }
  return ports;
}

/** Makes the machine reach the services under their names: their ports on its loopback, their names in its hosts file. */
export async function leadServices(one: InstanceRun, connection: Connection): Promise<void> {
  const led = ledPorts(one);
  if (led.size === 0 || !connection.forwardIn) return;
  const { run, resolved, record } = one;
  const ctx = contextFor(run, resolved, resolved.driverConfig);
  for (const [name, state] of Object.entries(record.state.services)) {
    const published = await run.plugins.services.published(ctx, state);
    for (const [port, owner] of led) {
      const target = published.get(port);
      if (owner === name && target) await connection.forwardIn(port, target);
    }
  }
  const line = `${LOOPBACK} ${[...new Set(led.values())].join(' ')} ${MARK}`;
  const { exitCode, stderr } = await connection.execute(['/bin/sh', '-c', HOSTS, 'sh', line]);
  if (exitCode === 0) return;
  throw new GalleyError({
    code: 'driver.service_names',
    kind: 'infrastructure',
    message: `the names of the services of ${resolved.instance.name} could not be written to its /etc/hosts`,
    details: stderr.split('\n').filter(Boolean).slice(-5),
    hint: 'transport: {sudo: true} writes it as root',
  });
}

/** The ends of our own tunnels are no part of the machine that checks look at. */
export function withoutTunnels(snapshot: Snapshot, led: ReadonlyMap<number, string>): Snapshot {
  if (led.size === 0) return snapshot;
  const isTunnel = ({ state, localAddress, localPort }: Snapshot['sockets'][number]): boolean =>
    state === 'listen' && localAddress === LOOPBACK && led.has(localPort);
  return { ...snapshot, sockets: snapshot.sockets.filter((socket) => !isTunnel(socket)) };
}

function sharedPort(port: number, names: readonly string[]): GalleyError {
  return new GalleyError({
    code: 'driver.service_ports',
    kind: 'config',
    message: `the services ${names.join(' and ')} both have port ${port}, which the machine has only once`,
    hint: 'they reach it through one address: give one of them another port, or use driver: docker',
  });
}
