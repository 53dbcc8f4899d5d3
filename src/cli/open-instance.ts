import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig, Kitchen } from '../core/kitchen.ts';
import type { Connection } from '../core/transport.ts';
import { createOnce } from '../engine/once.ts';
import { contextFor } from '../engine/run-context.ts';
import { resolveInstances } from '../plan/resolve.ts';
import { createPlugins } from '../plugins.ts';
import type { Host } from './host.ts';
import { stateStore } from './kitchen.ts';

/** A connection to an instance that was created earlier, for commands outside the phases. */
export async function openInstance(
  kitchen: Kitchen,
  config: InstanceConfig,
  host: Host,
): Promise<Connection> {
  const { name } = config.instance;
  const plugins = createPlugins(host);
  const [resolved] = resolveInstances([config], plugins, new Set());
  const store = stateStore(kitchen);
  const state = await store.read(name, () => undefined);
  const machine = resolved?.driver.machine.safeParse(state?.machine);
  if (!resolved || !machine?.success) {
    throw new GalleyError({
      code: 'state.not_created',
      kind: 'usage',
      message: `${name} has not been created`,
      hint: `galley create ${name}`,
    });
  }
  const signal = new AbortController().signal;
  const run = {
    root: kitchen.root,
    ownership: { project: kitchen.project, runId: state?.runId ?? '', owner: host.owner, expires: '' },
    plugins,
    store,
    logDir: '',
    emit: () => undefined,
    signal,
    hardSignal: signal,
    once: createOnce(),
    lockWaitMs: 0,
  };
  const ctx = contextFor(run, resolved, resolved.transportConfig);
  return resolved.transport.connect(ctx, resolved.driver.endpoint(machine.data));
}
