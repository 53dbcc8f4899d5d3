import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Connection } from '../core/transport.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { InstanceState } from '../state/instance-state.ts';
import { HOSTS_MARK, LEAD_SCRIPT, NO_RELAY } from './relay-script.ts';
import { contextFor, type RunContext } from './run-context.ts';

const LOOPBACK = '127.0.0.1';

/** An instance in a run, or one that was made by an earlier one. */
interface Led {
  readonly run: RunContext;
  readonly resolved: ResolvedInstance;
  readonly record: { readonly state: Pick<InstanceState, 'services'> };
  machineOrThrow(): object;
}

/** Ports of the services that the machine reaches at its loopback, because they are on the caller's side. */
export function ledPorts(one: Led): ReadonlyMap<number, string> {
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

/**
 * Makes the machine reach the services under their names, with their ports on its loopback: through the connection, or
 * by a relay on the machine to where they are open for it.
 */
export async function leadServices(one: Led, connection: Connection): Promise<void> {
  const led = ledPorts(one);
  if (led.size === 0) return;
  const { run, resolved, record } = one;
  const ctx = contextFor(run, resolved, resolved.driverConfig);
  const relays: string[] = [];
  for (const [name, state] of Object.entries(record.state.services)) {
    const published = await run.plugins.services.published(ctx, state);
    for (const [port, owner] of led) {
      const target = published.get(port);
      if (owner !== name || !target) continue;
      if (state.openAt === undefined) await connection.forwardIn?.(port, target);
      else relays.push(`${port}=${target.host}:${target.port}`);
    }
  }
  const line = `${LOOPBACK} ${[...new Set(led.values())].join(' ')} ${HOSTS_MARK}`;
  const argv = ['/bin/sh', '-c', LEAD_SCRIPT, 'sh', line, ...relays];
  const { exitCode, stderr } = await connection.execute(argv);
  if (exitCode !== 0) throw notLed(resolved.instance.name, exitCode, stderr);
}

function notLed(instance: string, exitCode: number, stderr: string): GalleyError {
  if (exitCode === NO_RELAY) {
    return new GalleyError({
      code: 'driver.no_relay',
      kind: 'infrastructure',
      message: `${instance} has nothing that relays the ports of its services (systemd-socket-proxyd)`,
      hint: 'use transport: ssh without service_address, which leads them there through the connection',
    });
  }
  return new GalleyError({
    code: 'driver.service_names',
    kind: 'infrastructure',
    message: `the services of ${instance} could not be made known to it (/etc/hosts, relays of their ports)`,
    details: stderr.split('\n').filter(Boolean).slice(-5),
    hint: 'transport: {sudo: true} does it as root',
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
