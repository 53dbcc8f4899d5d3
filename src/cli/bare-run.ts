import type { Kitchen } from '../core/kitchen.ts';
import { createOnce } from '../engine/once.ts';
import type { RunContext } from '../engine/run-context.ts';
import type { Plugins } from '../plan/plugins.ts';
import type { Host } from './host.ts';
import { stateStore } from './kitchen.ts';

/** The context of work outside a run (`login`, `exec`, `validate`): nothing is recorded, logged or said. */
export function bareRun(kitchen: Kitchen, plugins: Plugins, host: Host, runId = ''): RunContext {
  const { signal } = new AbortController();
  return {
    root: kitchen.root,
    ownership: { project: kitchen.project, runId, owner: host.owner, expires: '' },
    plugins,
    store: stateStore(kitchen),
    logDir: '',
    emit: () => undefined,
    signal,
    hardSignal: signal,
    once: createOnce(),
    lockWaitMs: 0,
    env: host.env,
    redact: (value) => value,
  };
}
