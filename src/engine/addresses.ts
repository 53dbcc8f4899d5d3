import type { TcpAddress } from '../core/transport.ts';
import type { InstanceRun } from './instance-run.ts';

/** Where checks reach TCP ports of the machine from here: what the driver publishes, else through the connection. */
export async function addressesOf(one: InstanceRun): Promise<(port: number) => TcpAddress | undefined> {
  const { driver, request } = one.resolved;
  const machine = one.machineOrThrow();
  const connection = await one.connect();
  const tunnels = new Map<number, TcpAddress>();
  for (const port of request.hostPorts) {
    if (driver.address(machine, port) !== undefined) continue;
    const tunnel = await connection.forwardOut?.(port);
    if (tunnel) tunnels.set(port, tunnel);
  }
  return (port) => driver.address(machine, port) ?? tunnels.get(port);
}
