import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig, Kitchen } from '../core/kitchen.ts';
import type { Connection } from '../core/transport.ts';
import { leadServices } from '../engine/lead-services.ts';
import { contextFor } from '../engine/run-context.ts';
import { resolveExisting } from '../plan/resolve-existing.ts';
import { createPlugins } from '../plugins.ts';
import { bareRun } from './bare-run.ts';
import type { Host } from './host.ts';
import { stateStore } from './kitchen.ts';

/**
 * A connection to an instance that was created earlier, for commands outside the phases. `withServices`: services on the
 * caller's side are led to the machine, as during a phase.
 */
export async function openInstance(
  kitchen: Kitchen,
  config: InstanceConfig,
  host: Host,
  { withServices = false } = {},
): Promise<Connection> {
  const { name } = config.instance;
  const plugins = createPlugins(host);
  const state = await stateStore(kitchen).readable(name);
  // What was never made needs no plugin to say so.
  if (state === undefined) throw notCreated(name);
  const resolved = resolveExisting(config, plugins, state.driver, new Set());
  const machine = resolved.driver.machine.safeParse(state.machine);
  if (!machine.success) throw notCreated(name);
  const run = bareRun(kitchen, plugins, host, state.runId);
  const { driver, transport } = resolved;
  const now = await driver.refresh?.(contextFor(run, resolved, resolved.driverConfig), machine.data);
  const ctx = contextFor(run, resolved, resolved.transportConfig);
  const data = now ?? machine.data;
  const connection = await transport.connect(
    ctx,
    driver.endpoint(data, transport.endpoints, resolved.driverConfig),
  );
  if (withServices) {
    const led = { run, resolved, record: { state }, machineOrThrow: () => data };
    await leadServices(led, connection).catch(unlessLost);
  }
  return connection;
}

/** Another Galley that works there leads them already, or they are gone: no reason not to look at the machine. */
function unlessLost(error: unknown): void {
  const { code = '' } = error as { code?: string };
  if (code.startsWith('ssh.') && code !== 'ssh.forward_refused') throw error;
}

function notCreated(name: string): GalleyError {
  return new GalleyError({
    code: 'state.not_created',
    kind: 'usage',
    message: `${name} has not been created`,
    hint: `galley create ${name}`,
  });
}
