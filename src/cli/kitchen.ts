import { join } from 'node:path';
import { loadKitchen } from '../config/load.ts';
import type { Kitchen } from '../core/kitchen.ts';
import { StateStore } from '../state/state-store.ts';
import type { GlobalOptions } from './command.ts';
import type { Host } from './host.ts';

export function readKitchen(host: Host, args: GlobalOptions): Promise<Kitchen> {
  return loadKitchen({
    cwd: host.cwd,
    env: host.env,
    ...(args.config !== undefined && { file: args.config }),
  });
}

/** Where a kitchen keeps its state and logs. Not the peer's `.kitchen`: both may be used side by side. */
export function stateDir(kitchen: Kitchen): string {
  return join(kitchen.root, '.galley');
}

export function stateStore(kitchen: Kitchen): StateStore {
  return new StateStore(stateDir(kitchen));
}
