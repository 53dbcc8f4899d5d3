import type { Container } from 'dockerode';
import { GalleyError } from '../core/errors.ts';
import type { Engine } from '../docker/connect.ts';

let address: string | undefined;

/**
 * Loads testcontainers and points it at the engine. It has no other way to be told than the environment, read when it
 * is first used, and one client per process.
 */
export async function loadTestcontainers(engine: Engine) {
  if (engine.address.startsWith('ssh:')) {
    throw new GalleyError({
      code: 'service.engine_unsupported',
      kind: 'config',
      message: `companion services cannot be started on an engine reached over ssh (${engine.address})`,
      hint: 'forward its socket, `ssh -L /tmp/docker.sock:/var/run/docker.sock HOST`, and set DOCKER_HOST=unix:///tmp/docker.sock',
    });
  }
  if (address !== undefined && address !== engine.address) {
    throw new GalleyError({
      code: 'service.one_engine',
      kind: 'config',
      message: `companion services of one run must be on one engine: ${address} and ${engine.address}`,
      hint: 'run the instances of each engine by a command of its own',
    });
  }
  if (address === undefined) {
    address = engine.address;
    // oxlint-disable-next-line no-restricted-properties -- testcontainers takes its settings from here only
    const settings = process.env;
    settings['DOCKER_HOST'] = engine.address;
    settings['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
    // Where /.dockerenv exists it would pull an image and run it to find this out.
    settings['TESTCONTAINERS_HOST_OVERRIDE'] ??= engine.isLocal
      ? '127.0.0.1'
      : new URL(engine.address).hostname;
  }
  const [{ Companion }, waits, { BoundPorts }] = await Promise.all([
    import('./companion.ts'),
    import('./wait.ts'),
    import('testcontainers'),
  ]);
  const portsOf = async (container: Container) => {
    const ports = new BoundPorts();
    const { NetworkSettings } = await container.inspect();
    for (const [key, bindings] of Object.entries(NetworkSettings.Ports)) {
      const [binding] = (bindings as { HostPort: string }[] | null) ?? [];
      if (binding) ports.setBinding(Number.parseInt(key, 10), Number(binding.HostPort));
    }
    return ports;
  };
  return { Companion, keepingWait: waits.keepingWait, portsAskedFromHere: waits.portsAskedFromHere, portsOf };
}
